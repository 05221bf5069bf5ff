import { randomBytes } from 'node:crypto'

/** As many random hex digits as asked for, from the system's secure source. */
export const randomHex = (digits: number): string =>
  randomBytes(Math.ceil(digits / 2))
    .toString('hex')
    .slice(0, digits)
