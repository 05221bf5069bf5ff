import { ConfigError } from '../shared/config-file.ts'
import type { OidcConfig } from './account-config.ts'
import type { StoreReader } from './store/port.ts'

/**
 * Newcomers of a place that is not there would see nothing, until somebody makes one of that name.
 *
 * @throws ConfigError
 */
export async function refuseUnknownPlace(
  oidc: OidcConfig | undefined,
  read: Pick<StoreReader, 'places'>,
): Promise<void> {
  const place = oidc?.newcomers?.place
  if (place === undefined || (await read.places()).some(({ id }) => id === place)) return
  const fault = `oidc.newcomers.place: no place is called ${place}; make it first: smilepost places apply --help`
  throw new ConfigError('configuration', [fault])
}
