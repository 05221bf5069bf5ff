import { makeBackoff } from '../../shared/backoff.ts'
import type { Logger } from '../../shared/logger.ts'
import type { RuleProof } from './check/rules.ts'

/** `unchecked`: nothing is known now, for want of probe accounts, because the first check is under way, or because the last could not run. */
export type Isolation = 'proven' | 'not-proven' | 'unchecked'

type Options = {
  url: string
  /** Null where no probe accounts are configured. */
  prove: ((signal: AbortSignal) => Promise<RuleProof[]>) | null
  /** From the end of one check to the next: a broker's rules change with its configuration, rarely, and while we are connected. */
  everyMs: number
  /** Ceiling of the wait after a check that could not run; it doubles with each, up to `everyMs`. */
  retryMs: number
  monoMs(): number
  /** Uniform in [0, 1). */
  random(): number
  logger: Logger
}

/**
 * Says loudly where a broker does not guarantee who a terminal is: such a broker lets one terminal press for another. It looks at each
 * connect, but for one soon after a check, and every so often while connected.
 */
export function makeIsolationWatch({ url, prove, everyMs, retryMs, monoMs, random, logger }: Options) {
  const backoff = makeBackoff({ firstMs: retryMs, maxMs: everyMs, random })
  const abort = new AbortController()
  let isolation: Isolation = 'unchecked'
  let isUp = false
  let dueAtMs = 0
  let running: Promise<void> | null = null
  let timer: NodeJS.Timeout | undefined

  function tell(proofs: readonly RuleProof[]): void {
    const failed = proofs.filter(({ verdict }) => verdict !== 'proven')
    isolation = failed.length === 0 ? 'proven' : 'not-proven'
    if (isolation === 'proven') logger.info({ url }, 'the broker keeps terminals apart: every rule proven')
    else
      logger.error(
        { url, rules: failed },
        'ISOLATION NOT PROVEN: this broker may let one terminal press, read or acknowledge for another; see smilepost broker check',
      )
  }

  function tellNothing(error: unknown, againInMs: number): void {
    const before = isolation
    isolation = 'unchecked'
    logger.warn(
      { url, before, againInMs, reason: String(error) },
      'ISOLATION NOT CHECKED: the check could not run, so what it found before holds no longer; it is tried again',
    )
  }

  async function run(prove: NonNullable<Options['prove']>): Promise<void> {
    let waitMs = everyMs
    try {
      tell(await prove(abort.signal))
      backoff.reset()
    } catch (error) {
      if (abort.signal.aborted) return
      waitMs = backoff.nextMs()
      tellNothing(error, waitMs)
    }
    dueAtMs = monoMs() + waitMs
    running = null
    look()
  }

  /** Begins a check when one is due, or sees to it that there will be one. */
  function look(): void {
    clearTimeout(timer)
    if (!prove || !isUp || running || abort.signal.aborted) return
    const leftMs = dueAtMs - monoMs()
    if (leftMs <= 0) running = run(prove)
    else timer = setTimeout(look, leftMs)
  }

  if (!prove)
    logger.warn(
      { url },
      'ISOLATION NOT CHECKED: no probe accounts for this broker; set [broker.external.check] or run smilepost broker check',
    )
  return {
    /** To be called at each connect. */
    up(): void {
      isUp = true
      look()
    },
    /** To be called at each disconnect: nobody is checked who is away. */
    down(): void {
      isUp = false
      clearTimeout(timer)
    },
    isolation: () => isolation,
    async close(): Promise<void> {
      abort.abort()
      clearTimeout(timer)
      await running
    },
  }
}
