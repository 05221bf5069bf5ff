import type { StoredPress } from '../../store/port.ts'
import type { SameValueRun } from './night-report.ts'

/** No shorter run is listed, however rare its value. */
const leastPresses = 20
/** Runs that chance alone would bring on one device and day, at most. */
const byChance = 0.001

/**
 * Presses that a run of one value must have to be listed: so many that on a day of this size chance alone, with every press
 * as likely to have this value as ever, brings one in a thousand days (presses × share ^ length; Feller 1968, ch. XIII).
 *
 * @param share of all presses that have the value, in (0, 1)
 */
export function noteworthyRun(presses: number, share: number): number {
  return Math.max(leastPresses, Math.ceil(Math.log(byChance / Math.max(1, presses)) / Math.log(share)))
}

/**
 * Successive presses of one value on one device (a box, or the glass), oldest run first. Presses flagged as misuse take
 * no part: a hand that plays is counted elsewhere.
 *
 * @param presses of one terminal, at one touchpoint and day
 * @param ordinary presses per value at the touchpoint, worst first
 */
export function findSameValueRuns(presses: readonly StoredPress[], ordinary: readonly number[]): SameValueRun[] {
  const all = ordinary.reduce((sum, count) => sum + count, 0)
  const shares = ordinary.map((count) => (count + 1) / (all + ordinary.length))
  const devices = new Map<string, StoredPress[]>()
  for (const press of presses) {
    if (press.utcMs === null || press.isRepeat || press.label === 'misuse') continue
    const device = press.record.source === 'box' ? press.record.box : 'touch'
    const ofDevice = devices.get(device)
    if (ofDevice) ofDevice.push(press)
    else devices.set(device, [press])
  }
  const runs = [...devices.values()].flatMap((ofDevice) => {
    const sorted = ofDevice.sort(compareTimes)
    return runsOf(sorted).filter((run) => run.presses >= noteworthyRun(sorted.length, shares[run.value] ?? 0.5))
  })
  return runs.sort((a, b) => a.fromMs - b.fromMs || a.value - b.value)
}

function runsOf(presses: readonly StoredPress[]): SameValueRun[] {
  const runs: SameValueRun[] = []
  for (const { terminal, record, utcMs } of presses) {
    const [atMs, last] = [utcMs as number, runs.at(-1)]
    if (last?.value === record.value) {
      last.presses++
      last.toMs = atMs
    } else runs.push({ terminal, value: record.value, presses: 1, fromMs: atMs, toMs: atMs })
  }
  return runs
}

/** Equal times in an order that does not depend on which batch came first. */
function compareTimes(a: StoredPress, b: StoredPress): number {
  return (
    (a.utcMs as number) - (b.utcMs as number) ||
    a.record.monoMs - b.record.monoMs ||
    (a.epoch < b.epoch ? -1 : a.epoch > b.epoch ? 1 : 0) ||
    a.record.sequence - b.record.sequence
  )
}
