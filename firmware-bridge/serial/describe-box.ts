import type { HelloLine } from '../line/box-line.ts'
import type { SequenceRange } from './reuse-watch.ts'

/** What the link's state says of a box that it talks to; for people. */
export function describeBox({ boxId, bootNumber, firmware }: HelloLine): string {
  return `box ${boxId} boot ${bootNumber}, firmware ${firmware}`
}

/** Why presses of a box are not taken that uses these sequences a second time; for people. */
export function describeReuse(boxId: string, { from, to }: SequenceRange): string {
  const range = to - from === 1 ? `press number ${from}` : `press numbers ${from} to ${to - 1}`
  return `box ${boxId} uses ${range} a second time: its memory was erased or swapped; it needs a new identity`
}
