import type { Database } from 'better-sqlite3'
import { maxWaitingRanges } from '../../contracts/limits.ts'
import type { Waiting } from '../../contracts/messages.ts'

type Row = { box: string | null; boxSeq: number | null }
type Range = Waiting['boxes'][number]

/** More records than this are told as a number only: reading them would keep the box waiting, and they will soon be fewer. */
const maxRead = 5_000

function addToRanges(ranges: Range[], box: string, seq: number): void {
  const last = ranges.at(-1)
  if (last && last.box === box && last.to === seq - 1) last.to = seq
  else ranges.push({ box, from: seq, to: seq })
}

/** @returns a reader of the presses that the central has not acknowledged; null while there are very many records */
export function makeWaitingReader(db: Database): () => Waiting | null {
  const count = db.prepare<[], number>('SELECT TOTAL(next - 1 - confirmed) FROM epochs').pluck()
  const select = db.prepare<[], Row>(`
    SELECT box, box_seq AS boxSeq FROM epochs CROSS JOIN records USING (ordinal)
    WHERE confirmed < next - 1 AND sequence > confirmed AND kind = 'press' ORDER BY box, box_seq`)
  return () => {
    if ((count.get() ?? 0) > maxRead) return null
    const ranges: Range[] = []
    let touch = 0
    for (const { box, boxSeq } of select.all()) {
      if (box === null || boxSeq === null) touch += 1
      else addToRanges(ranges, box, boxSeq)
    }
    const further = ranges.slice(maxWaitingRanges)
    const more = further.reduce((sum, { from, to }) => sum + to - from + 1, 0)
    return { boxes: ranges.slice(0, maxWaitingRanges), more, touch }
  }
}
