import type { StoredPress, StoreWriter } from '../store/port.ts'
import { type Chain, chainPresses, hasSharpTime } from './chain-presses.ts'
import type { Stretch } from './group-hours.ts'

const firstMarginMs = 5 * 60_000
const maxMarginMs = 24 * 3_600_000
/**
 * A chain that comes this near to the end of what was read may go on beyond it. Well above the filter's 4 s, because chains are cut on the
 * device's clock and reads on UTC, whose distance to it may change by the error of an anchor.
 */
const reachMs = 60_000

export type ReadChains = {
  /** Chains that were read whole. */
  chains: Chain[]
  /** Presses whose time is too vague for the filter. */
  vague: StoredPress[]
  presses: number
}

/**
 * Reads the presses of a stretch of hours with enough of their neighbours that every run reaching into it is whole.
 * A run that is still going on at the margin makes the margin wider, up to a day.
 */
export async function readChains(writer: StoreWriter, { terminal, fromMs, toMs }: Stretch): Promise<ReadChains> {
  for (let marginMs = firstMarginMs; ; marginMs = Math.min(maxMarginMs, marginMs * 6)) {
    const [readFromMs, readToMs] = [fromMs - marginMs, toMs + marginMs]
    const presses = await writer.pressesBetween(terminal, readFromMs, readToMs)
    const chains = chainPresses(presses)
    const isCut = (chain: Chain) =>
      (chain[0]?.utcMs ?? 0) - readFromMs < reachMs || readToMs - (chain.at(-1)?.utcMs ?? 0) < reachMs
    const isInside = (chain: Chain) => (chain.at(-1)?.utcMs ?? 0) >= fromMs && (chain[0]?.utcMs ?? 0) < toMs
    const isLast = marginMs >= maxMarginMs
    if (!isLast && chains.some((chain) => isCut(chain) && isInside(chain))) continue
    return {
      chains: chains.filter((chain) => isInside(chain) || !isCut(chain)),
      vague: presses.filter((press) => !press.isRepeat && !hasSharpTime(press)),
      presses: presses.length,
    }
  }
}
