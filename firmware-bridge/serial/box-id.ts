import { randomBytes } from 'node:crypto'

/**
 * Draws the identity of a box from a CSPRNG: 8 hex digits, never the two that erased memory reads as.
 *
 * @param draw bytes of the given number; replaced only by tests
 */
export function drawBoxId(draw: (bytes: number) => Uint8Array = randomBytes): string {
  let id: string
  do id = Buffer.from(draw(4)).toString('hex')
  while (id === '00000000' || id === 'ffffffff')
  return id
}
