import type { TerminalRecord } from '../../contracts/records.ts'
import type { Custody } from '../../terminal/uplink/custody.ts'

export type HistoryCustody = Custody & { undelivered(): number }

/**
 * Custody of records that are all there already, in memory: what a real uplink needs of an outbox to deliver a history.
 *
 * @param records of one epoch, sequences from 1 without holes
 * @param onConfirmed called with the number of records that the central has newly committed
 */
export function makeHistoryCustody(
  epoch: string,
  records: readonly TerminalRecord[],
  onConfirmed: (count: number) => void,
): HistoryCustody {
  let confirmed = 0

  function setMark(mark: { epoch: string; upTo: number }): 'advanced' | 'rewound' | 'same' | 'unknown' {
    if (mark.epoch !== epoch) return 'unknown'
    const before = confirmed
    confirmed = Math.min(mark.upTo, records.length)
    onConfirmed(confirmed - before)
    return confirmed === before ? 'same' : confirmed > before ? 'advanced' : 'rewound'
  }

  return {
    epoch: () => epoch,
    // A history takes no new records; its own anchors tell its time.
    append: () => 'repeat',
    nextBatch(limit) {
      const part = records.slice(confirmed, confirmed + limit)
      return part.length > 0 ? { epoch, first: confirmed + 1, records: part, lost: [] } : null
    },
    confirm: (mark) => (mark.upTo > confirmed ? setMark(mark) : 'same'),
    align: setMark,
    reject: ({ epoch: name, sequence }) => setMark({ epoch: name, upTo: Math.max(confirmed, sequence) }),
    held: () => [{ epoch, first: 1, last: records.length, confirmed }],
    touchIssued: () => 0,
    desired: () => null,
    saveDesired: () => true,
    undelivered: () => records.length - confirmed,
  }
}
