import { createHash, timingSafeEqual } from 'node:crypto'
import type { StoreReader } from '../store/port.ts'

/** A secret has 128 random bits, so that one round of SHA-256 is enough to keep it: there is nothing to guess. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

/** @returns whether a terminal of this name exists and this is its secret */
export async function verifySecret(read: StoreReader, terminal: string, secret: string): Promise<boolean> {
  const stored = Buffer.from((await read.terminal(terminal))?.secretHash ?? '', 'hex')
  const given = Buffer.from(hashSecret(secret), 'hex')
  return stored.length === given.length && timingSafeEqual(stored, given)
}
