import { randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'

/** OWASP's least for argon2id: 19 MiB, two passes, one lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

export type PasswordHasher = {
  /** @returns a PHC string, or null when too many wait already */
  hash(password: string): Promise<string | null>
  /**
   * Takes as long for a password that nobody has.
   *
   * @param phc null where there is no password: then nothing is right
   * @returns null when too many wait already
   */
  verify(phc: string | null, password: string): Promise<boolean | null>
}

/** The same password typed on another keyboard may come as other code points (NIST SP 800-63B 3.1.1.2). */
const normal = (password: string) => password.normalize('NFKC')

/**
 * Passwords to argon2id and back, a few at a time: each takes 19 MiB and a whole core for some 30 ms, so that a flood of sign-ins would
 * otherwise take the machine.
 *
 * @param most at the same time
 * @param waiting at most; whoever comes then is turned away at once
 */
export function makePasswordHasher({ most = 2, waiting = 30 } = {}): PasswordHasher {
  const base64 = (bytes: number) => randomBytes(bytes).toString('base64').replaceAll('=', '')
  const nobodys = `$argon2id$v=19$m=19456,t=2,p=1$${base64(16)}$${base64(32)}`
  const queue: (() => void)[] = []
  let running = 0

  async function inTurn<T>(work: () => Promise<T>): Promise<T | null> {
    if (running >= most) {
      if (queue.length >= waiting) return null
      await new Promise<void>((resolve) => queue.push(resolve))
    } else running += 1
    try {
      return await work()
    } finally {
      const next = queue.shift()
      // The place is handed on, so that nobody slips in between.
      if (next) next()
      else running -= 1
    }
  }

  return {
    hash: (password) => inTurn(() => hash(normal(password), cost)),
    verify: (phc, password) =>
      inTurn(async () => {
        const isRight = await verify(phc ?? nobodys, normal(password))
        return phc !== null && isRight
      }),
  }
}
