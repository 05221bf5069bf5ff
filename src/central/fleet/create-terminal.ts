import { AppError } from '../../shared/errors.ts'
import type { Store } from '../store/port.ts'
import { type CommandOrigin, noteCommand } from './note-command.ts'
import { hashSecret } from './terminal-secret.ts'

export type NewTerminal = {
  id: string
  name: string
  /** Where it stands from `fromMs` on; without one its presses are stored and wait for a placement. */
  touchpoint?: string
  /** Epoch ms. */
  fromMs: number
  randomBytes(size: number): Uint8Array
}

const idPattern = /^[a-z0-9][a-z0-9-]{0,39}$/
/** Of the central's and the check's accounts on brokers, where a terminal of the same name would take their place. */
const accountPrefix = 'smilepost-'
const secretBytes = 16

/** @throws AppError `bad-name` when no terminal can have this name */
export function refuseBadName(id: string): void {
  if (!idPattern.test(id)) throw new AppError('bad-name', `${id}: a–z, 0–9 and hyphens, 40 at most, are expected`)
  if (id.startsWith(accountPrefix))
    throw new AppError(
      'bad-name',
      `${id}: names that begin with ${accountPrefix} are kept for accounts on brokers; choose another`,
    )
}

/**
 * Makes a terminal known. Its secret is returned this once; only its hash is stored.
 *
 * @throws AppError `bad-name`, `terminal-exists`, `unknown-touchpoint`
 */
export async function createTerminal(
  store: Store,
  { id, name, touchpoint, fromMs, randomBytes }: NewTerminal,
  origin: CommandOrigin = null,
): Promise<{ id: string; secret: string }> {
  refuseBadName(id)
  const secret = Buffer.from(randomBytes(secretBytes)).toString('hex')
  await store.transact(async (writer) => {
    if (await store.read.terminal(id)) throw new AppError('terminal-exists', `terminal ${id} exists already`)
    await writer.putTerminal({ id, secretHash: hashSecret(secret), createdAtMs: fromMs, name })
    const detail = { touchpoint: touchpoint ?? null }
    await noteCommand(writer.accounts, origin, { what: 'terminal-created', on: `terminal ${id}`, detail })
    if (touchpoint === undefined) return
    if (!(await store.read.touchpoint(touchpoint))) {
      throw new AppError('unknown-touchpoint', `touchpoint ${touchpoint} is nowhere; apply its layout first`)
    }
    await writer.putPlacement({ terminal: id, touchpoint, fromMs, toMs: null })
  })
  return { id, secret }
}
