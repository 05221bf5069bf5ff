import { dropRepeats } from './drop-repeats.ts'
import { buttonOfKey, type Partitions, timeOfKey } from './open-partitions.ts'
import type { Presses } from './tally-terminal.ts'

export type SortedPartition = {
  /** by position, only those with presses */
  terminals: { terminal: number; presses: Presses }[]
  /** rows left out because their id was there before */
  repeated: number
}

/** Reads a partition and sorts it by terminal, time and button, so that the order of the rows leaves no trace. */
export function sortPartition(partitions: Partitions, partition: number): SortedPartition {
  const { keys, ids } = partitions.read(partition)
  const repeated = ids === null ? 0 : dropRepeats(keys, ids)
  keys.sort()
  const buttons = new Uint8Array(keys.length)
  const terminals: SortedPartition['terminals'] = []
  const end = keys.length - repeated
  for (let from = 0, to = 0; from < end; from = to) {
    const terminal = partitions.terminalOf(partition, keys[from] as number)
    for (; to < end && partitions.terminalOf(partition, keys[to] as number) === terminal; to++) {
      const key = keys[to] as number
      buttons[to] = buttonOfKey(key)
    }
    // A key is not needed once its time is known.
    for (let i = from; i < to; i++) keys[i] = timeOfKey(keys[i] as number)
    terminals.push({ terminal, presses: { utcMs: keys.subarray(from, to), buttons: buttons.subarray(from, to) } })
  }
  return { terminals, repeated }
}
