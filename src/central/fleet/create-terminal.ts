import { createHash, timingSafeEqual } from 'node:crypto'
import { AppError } from '../../shared/errors.ts'
import type { Store, StoreReader } from '../store/port.ts'

export type NewTerminal = {
  id: string
  name: string
  touchpoint?: string
  /** From when on it stands there. */
  fromMs: number
  randomBytes: (size: number) => Buffer
}

/** The secret has 128 random bits, so a plain hash keeps it; slow hashes are for what people think up. */
const hashSecret = (secret: string) => createHash('sha256').update(secret).digest('hex')

/**
 * Creates a terminal and, where told, places it.
 *
 * @returns its secret, which is kept nowhere else
 * @throws AppError when the name is taken, or not fit to be one, or the touchpoint is unknown
 */
export async function createTerminal(
  store: Store,
  { id, name, touchpoint, fromMs, randomBytes }: NewTerminal,
): Promise<{ id: string; secret: string }> {
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(id)) {
    throw new AppError('bad-request', `${id} cannot be a terminal's name: use a–z, 0–9 and hyphens, 40 at most`)
  }
  if (await store.read.terminal(id))
    throw new AppError('bad-request', `a terminal is called ${id} already; choose another name`)
  if (touchpoint !== undefined && !(await store.read.touchpoint(touchpoint))) {
    throw new AppError('bad-request', `no touchpoint is called ${touchpoint}; see: smilepost places list`)
  }
  const secret = randomBytes(16).toString('hex')
  await store.transact(async (writer) => {
    await writer.putTerminal({ id, name, secretHash: hashSecret(secret), createdAtMs: fromMs })
    if (touchpoint !== undefined) await writer.putPlacement({ terminal: id, touchpoint, fromMs, toMs: null })
  })
  return { id, secret }
}

/** @returns whether this terminal exists and this is its secret; takes as long for a near miss as for a far one */
export async function verifySecret(read: Pick<StoreReader, 'terminal'>, id: string, secret: string): Promise<boolean> {
  const terminal = await read.terminal(id)
  const given = Buffer.from(hashSecret(secret), 'hex')
  const kept = Buffer.from(terminal?.secretHash ?? hashSecret(''), 'hex')
  return timingSafeEqual(given, kept) && terminal !== null
}
