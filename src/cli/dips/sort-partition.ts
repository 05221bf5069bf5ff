import { dropRepeats } from './drop-repeats.ts'
import { buttonOfRest, type Partitions, timeOfRest } from './open-partitions.ts'
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
    const { terminal, base, end: endKey } = partitions.terminalOf(partition, keys[from] as number)
    for (; to < end && (keys[to] as number) < endKey; to++) {
      const rest = (keys[to] as number) - base
      buttons[to] = buttonOfRest(rest)
      // A key is not needed once its time is known.
      keys[to] = timeOfRest(rest)
    }
    terminals.push({ terminal, presses: { utcMs: keys.subarray(from, to), buttons: buttons.subarray(from, to) } })
  }
  return { terminals, repeated }
}
