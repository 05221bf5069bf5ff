// The mash filter: presses of one device (and one source) in, a label for each of them out. It never drops anything;
// a press taken for play stays visible as misuse with the rule that said so. A run is a chain of presses with gaps up to
// gapMs; four or more are a burst. A burst of up to five presses on one button is an impatient customer, who
// counts once; any other burst is play and counts not at all. After that, presses that follow a counted one
// within the response interval are misuse too, where an operator has set one (it is off by default).

/** What the filter says of one press. */
export type PressLabel = { label: 'counted'; rule: null } | { label: 'misuse'; rule: 'burst' | 'interval' }

export type MashFilterOptions = {
  /** longest gap inside a run, from `burstGapMs` */
  gapMs: number
  /** shortest time from the last counted press to the next; absent or 0 = off */
  responseIntervalMs?: number
}

const BURST_PRESSES = 4
const IMPATIENT_PRESSES = 5
const COUNTED: PressLabel = Object.freeze({ label: 'counted', rule: null })
const BURST: PressLabel = Object.freeze({ label: 'misuse', rule: 'burst' })
const TOO_SOON: PressLabel = Object.freeze({ label: 'misuse', rule: 'interval' })

/**
 * Labels the presses of one device and source within one boot.
 *
 * @param monoMs press times in ms on the device's own clock, ascending
 * @param values the value of each press
 * @returns one label per press, in the same order; empty for none
 * @throws RangeError when lengths differ or times go backwards
 */
export function labelPresses(
  monoMs: ArrayLike<number>,
  values: ArrayLike<number>,
  { gapMs, responseIntervalMs = 0 }: MashFilterOptions,
): PressLabel[] {
  if (monoMs.length !== values.length) throw new RangeError('one value for each press time')
  const labels = new Array<PressLabel>(monoMs.length).fill(COUNTED)
  for (let start = 0; start < monoMs.length; ) {
    const end = runEnd(monoMs, start, gapMs)
    labelRun(labels, values, start, end)
    start = end
  }
  if (responseIntervalMs > 0) labelTooSoon(labels, monoMs, responseIntervalMs)
  return labels
}

/** First position after the run that begins at start. */
function runEnd(monoMs: ArrayLike<number>, start: number, gapMs: number): number {
  let end = start + 1
  for (; end < monoMs.length; end++) {
    const gap = (monoMs[end] as number) - (monoMs[end - 1] as number)
    if (gap < 0) throw new RangeError('press times must ascend')
    if (gap > gapMs) break
  }
  return end
}

function labelRun(labels: PressLabel[], values: ArrayLike<number>, start: number, end: number): void {
  if (end - start < BURST_PRESSES) return
  const isImpatient = end - start <= IMPATIENT_PRESSES && isOneValue(values, start, end)
  labels.fill(BURST, isImpatient ? start + 1 : start, end)
}

function isOneValue(values: ArrayLike<number>, start: number, end: number): boolean {
  for (let i = start + 1; i < end; i++) if (values[i] !== values[start]) return false
  return true
}

function labelTooSoon(labels: PressLabel[], monoMs: ArrayLike<number>, intervalMs: number): void {
  let lastCountedMs = Number.NEGATIVE_INFINITY
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] !== COUNTED) continue
    const atMs = monoMs[i] as number
    if (atMs - lastCountedMs < intervalMs) labels[i] = TOO_SOON
    else lastCountedMs = atMs
  }
}
