import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../src/shared/errors.ts'
import { findPackageRoot } from '../../src/shared/package-root.ts'

/**
 * Reads the committed firmware image, from the sources as well as from `dist/`.
 *
 * @throws AppError `simulator-image` when it is not there
 */
export function readBoxHex(): string {
  const path = join(findPackageRoot(import.meta.url), 'firmware-bridge', 'firmware', 'smilepost.hex')
  try {
    return readFileSync(path, 'latin1')
  } catch (cause) {
    throw new AppError('simulator-image', `cannot read the firmware image ${path}`, { cause })
  }
}
