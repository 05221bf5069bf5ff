import type { Logger } from '../../shared/logger.ts'
import type { RuleProof } from './check/rules.ts'

/** `unchecked`: nothing was tried, for want of probe accounts or because it is under way. */
export type Isolation = 'proven' | 'not-proven' | 'unchecked'

type Options = {
  url: string
  /** Null where no probe accounts are configured. */
  prove: ((signal: AbortSignal) => Promise<RuleProof[]>) | null
  /** A broker's rules change with its configuration, rarely; not with each connection. */
  everyMs: number
  monoMs(): number
  logger: Logger
}

/** Says loudly where a broker does not guarantee who a terminal is: such a broker lets one terminal press for another. */
export function makeIsolationWatch({ url, prove, everyMs, monoMs, logger }: Options) {
  const abort = new AbortController()
  let isolation: Isolation = 'unchecked'
  let provenAtMs: number | null = null
  let running: Promise<void> | null = null

  function tell(proofs: readonly RuleProof[]): void {
    const failed = proofs.filter(({ verdict }) => verdict !== 'proven')
    isolation = failed.length === 0 ? 'proven' : 'not-proven'
    provenAtMs = monoMs()
    if (isolation === 'proven') logger.info({ url }, 'the broker keeps terminals apart: every rule proven')
    else
      logger.error(
        { url, rules: failed },
        'ISOLATION NOT PROVEN: this broker may let one terminal press, read or acknowledge for another; see smilepost broker check',
      )
  }

  async function run(): Promise<void> {
    try {
      if (prove) tell(await prove(abort.signal))
    } catch (error) {
      if (!abort.signal.aborted)
        logger.warn({ url, reason: String(error) }, 'isolation of the broker could not be checked')
    }
    running = null
  }

  if (!prove)
    logger.warn(
      { url },
      'ISOLATION NOT CHECKED: no probe accounts for this broker; set [broker.external.check] or run smilepost broker check',
    )
  return {
    /** To be called at each connect. */
    check(): void {
      if (!prove || running || abort.signal.aborted) return
      if (provenAtMs !== null && monoMs() - provenAtMs < everyMs) return
      running = run()
    },
    isolation: () => isolation,
    async close(): Promise<void> {
      abort.abort()
      await running
    },
  }
}
