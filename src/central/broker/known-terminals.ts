type Options = {
  isKnown(terminal: string): Promise<boolean>
  /** How long an answer holds, so that a removed terminal is not heard for ever and a new one not deaf for long. */
  holdMs: number
  monoMs(): number
  /** Messages that wait for an answer, all terminals together. */
  maxWaiting: number
}
type Verdict = 'known' | 'unknown' | 'too-many'

const maxRemembered = 200_000

/**
 * Asks once in a while whether a name on a topic is a terminal of ours: an external broker lets in whoever stands in its password file.
 *
 * @returns a function that calls `then` with the verdict, at once where it is known, always in the order of the calls for one terminal
 */
export function makeKnownTerminals({ isKnown, holdMs, monoMs, maxWaiting }: Options) {
  const verdicts = new Map<string, { verdict: Verdict; untilMs: number }>()
  const waiting = new Map<string, ((verdict: Verdict) => void)[]>()
  let waitingCount = 0

  function settle(terminal: string, verdict: Verdict): void {
    if (verdicts.size >= maxRemembered) verdicts.clear()
    verdicts.set(terminal, { verdict, untilMs: monoMs() + holdMs })
    const calls = waiting.get(terminal) ?? []
    waiting.delete(terminal)
    waitingCount -= calls.length
    for (const call of calls) call(verdict)
  }

  return (terminal: string, then: (verdict: Verdict) => void): void => {
    const asked = waiting.get(terminal)
    const held = verdicts.get(terminal)
    const isHeld = !asked && held !== undefined && monoMs() < held.untilMs
    if (isHeld || waitingCount >= maxWaiting) {
      then(isHeld ? held.verdict : 'too-many')
      return
    }
    waitingCount += 1
    if (asked) {
      asked.push(then)
      return
    }
    waiting.set(terminal, [then])
    // A store that can't be read now makes nobody unknown; the message is lost and the terminal sends it again.
    isKnown(terminal).then(
      (isOurs) => settle(terminal, isOurs ? 'known' : 'unknown'),
      () => {
        settle(terminal, 'too-many')
        verdicts.delete(terminal)
      },
    )
  }
}
