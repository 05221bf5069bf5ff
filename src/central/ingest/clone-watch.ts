/**
 * Tells two terminals that share one name (a copied card) from one terminal that restarts, reboots, fails over or is heard late.
 *
 * A daemon names its epoch in every hello and health, and one terminal never goes back to an epoch it left: A → B → A needs two machines.
 * What only looks like it is a message of A that was on its way while B began, so the order of arrival decides nothing:
 * - Within one boot of a machine, `monoMs` tells when a message was made. Daemons of one boot follow each other, so the stretches of
 *   two epochs can't overlap, whatever arrives when.
 * - Between boots nothing is comparable but the time of receipt, and a message is on its way for `lateMs` at most: both ends give a
 *   silent connection up long before. A boot heard `lateMs` before another one and again `lateMs` behind it was alive on both sides of it.
 * Two connections of one daemon (half-open, failover) say the same epoch and can't trigger either.
 */

/** One epoch as far as it was heard; lives stand in the order of their first message. */
export type Life = {
  epoch: string
  boot: string
  firstMonoMs: number
  lastMonoMs: number
  firstAtMs: number
  /** Nonce of the last message: a broker may deliver one twice. */
  nonce: string
  /** Some of the receipts, at least `lateMs` apart, the newest last. */
  seenAtMs: number[]
}
export type Heard = { nonce: string; epoch: string; boot: string; monoMs: number; atMs: number }

/** MQTT's keep-alive ends a dead connection after a minute and a half; this leaves room for a broker and a queue between. */
export const lateMs = 10 * 60_000
const maxLives = 8
const maxSeen = 4

function extendLife(life: Life | undefined, { nonce, epoch, boot, monoMs, atMs }: Heard): Life {
  if (!life) {
    return { epoch, boot, firstMonoMs: monoMs, lastMonoMs: monoMs, firstAtMs: atMs, nonce, seenAtMs: [atMs] }
  }
  const isApart = atMs - (life.seenAtMs.at(-1) ?? 0) >= lateMs
  return {
    ...life,
    firstMonoMs: Math.min(life.firstMonoMs, monoMs),
    lastMonoMs: Math.max(life.lastMonoMs, monoMs),
    nonce,
    seenAtMs: isApart ? [...life.seenAtMs, atMs].slice(-maxSeen) : life.seenAtMs,
  }
}

/** @param isOlder the other epoch was heard first of the two */
function isEntwined(life: Life, heard: Heard, other: Life, isOlder: boolean): boolean {
  if (life.boot !== other.boot) {
    return other.seenAtMs.some((atMs) => atMs >= life.firstAtMs + lateMs && atMs <= heard.atMs - lateMs)
  }
  if (life.firstMonoMs < other.lastMonoMs && other.firstMonoMs < life.lastMonoMs) return true
  // Within one millisecond only the order of arrival is left.
  return !isOlder && heard.monoMs === other.lastMonoMs
}

/** The life that was silent for longest makes room. */
function dropOldest(lives: readonly Life[]): Life[] {
  if (lives.length <= maxLives) return [...lives]
  const lastSeen = (life: Life) => life.seenAtMs.at(-1) ?? 0
  const oldest = lives.reduce((found, life) => (lastSeen(life) < lastSeen(found) ? life : found))
  return lives.filter((life) => life !== oldest)
}

/**
 * Takes note of a hello or health.
 *
 * @param lives as this returned them for the message before
 * @returns `clone`: the other epoch, when this message proves that two machines speak under one name
 */
export function noteLife(lives: readonly Life[], heard: Heard): { lives: Life[]; clone: Life | null } {
  const at = lives.findIndex((life) => life.epoch === heard.epoch && life.boot === heard.boot)
  if (at >= 0 && lives[at]?.nonce === heard.nonce) return { lives: [...lives], clone: null }
  const life = extendLife(lives[at], heard)
  const others = lives.filter((_, i) => i !== at)
  const clone = others.find((other) => isEntwined(life, heard, other, at < 0 || lives.indexOf(other) < at))
  const kept = at < 0 ? [...lives, life] : lives.map((each, i) => (i === at ? life : each))
  return { lives: dropOldest(kept), clone: clone ?? null }
}
