import type { StoredPress } from '../store/port.ts'

/** The slowest gap of the mash filter: presses further apart are never of one run, whatever the touchpoint's own gap is. */
const slowestGapMs = 4_000

/** Presses of one device and source, none further than 4 s from the next, by time. A run of the filter lies within one chain. */
export type Chain = StoredPress[]

/** Whether a press's time is known well enough to say what it follows; presses that outlived a power cut of the box are not. */
export function hasSharpTime({ record: { spreadMs } }: StoredPress): boolean {
  return spreadMs !== null && spreadMs <= slowestGapMs
}

function deviceOf({ record }: StoredPress): string {
  return record.source === 'box' ? `${record.boot} ${record.box}` : `${record.boot} touch`
}

const sequenceOf = ({ record }: StoredPress): number => (record.source === 'box' ? record.boxSeq : record.sequence)

/** By time on the device's clock; equal times in an order that does not depend on which batch came first. */
function compareTimes(a: StoredPress, b: StoredPress): number {
  if (a.record.monoMs !== b.record.monoMs) return a.record.monoMs - b.record.monoMs
  const [first, second] = [sequenceOf(a), sequenceOf(b)]
  return first === second ? (a.epoch < b.epoch ? -1 : 1) : first - second
}

/** Cuts the presses of a terminal into chains. Repeats and presses without a sharp time take no part. */
export function chainPresses(presses: readonly StoredPress[]): Chain[] {
  const devices = new Map<string, StoredPress[]>()
  for (const press of presses) {
    if (press.isRepeat || !hasSharpTime(press)) continue
    const device = deviceOf(press)
    const ofDevice = devices.get(device)
    if (ofDevice) ofDevice.push(press)
    else devices.set(device, [press])
  }
  const chains: Chain[] = []
  for (const ofDevice of devices.values()) {
    let lastMs = Number.NEGATIVE_INFINITY
    for (const press of ofDevice.sort(compareTimes)) {
      if (press.record.monoMs - lastMs <= slowestGapMs) chains.at(-1)?.push(press)
      else chains.push([press])
      lastMs = press.record.monoMs
    }
  }
  return chains
}
