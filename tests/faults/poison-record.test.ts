/**
 * Records that the central will never take, in the midst of a stream: one that it can read and must refuse, and ones that make a whole batch
 * unreadable, so that the batch is halved until they stand alone. Each leaves a tombstone, the rest arrives.
 */
import Database from 'better-sqlite3'
import { expect } from 'vitest'
import { type RecordRow, sealRow } from '../../src/terminal/outbox/record-row.ts'
import { waitFor } from '../support/smilepost-process.ts'
import { faultScale } from './support/fault-parameters.ts'
import { type FaultRow, faultRow } from './support/fault-row.ts'
import { openPressedTerminal, type PressedTerminal } from './support/pressed-terminal.ts'
import { fetchLedger } from './support/read-ledger.ts'

type Poison = { reason: string; content: Record<string, unknown> }
const poisons: readonly Poison[] = [
  { reason: 'value-above-scale', content: { value: 7 } },
  // Of the wrong type: the batch that holds it has no shape that the central could read.
  { reason: 'bad-shape', content: { value: 'three' } },
]

/** Writes other content into rows of the outbox, sealed as the daemon itself seals them. @returns the touch ids */
function poison({ outbox }: PressedTerminal, ids: readonly string[]): Map<string, string> {
  const db = new Database(outbox)
  try {
    const read = db.prepare<[string], RecordRow>('SELECT * FROM records WHERE touch_id = ?')
    const write = db.prepare('UPDATE records SET content = ?, crc = ? WHERE ordinal = ? AND sequence = ?')
    return new Map(
      ids.map((id, i) => {
        const { reason, content } = poisons[i % poisons.length] as Poison
        const { crc: _, ordinal, sequence, ...row } = read.get(id) as RecordRow
        const changed = { ...row, content: JSON.stringify({ ...JSON.parse(row.content), ...content }) }
        const sum = sealRow(changed, ordinal, sequence).at(-1)
        expect(write.run(changed.content, sum, ordinal, sequence).changes).toBe(1)
        return [id, reason]
      }),
    )
  } finally {
    db.close()
  }
}

/** A line that stands still is reset, as a terminal would after minutes. */
async function waitForRest({ terminal, proxy }: PressedTerminal): Promise<void> {
  let left = 0
  let isStuckSinceMs = 0
  await waitFor('all that can arrive', 240_000, () => {
    const undelivered = terminal().undelivered()
    if (undelivered !== left || !terminal().isConnected()) isStuckSinceMs = Date.now()
    left = undelivered
    if (Date.now() - isStuckSinceMs > 400) proxy.reset()
    return left === 0
  })
}

async function play(row: FaultRow): Promise<void> {
  const kiosk = await openPressedTerminal('embedded', { isOffline: true })
  try {
    await kiosk.press(Math.round(60 + row.draw() * 40))
    const ids = [0, 1, 2].map((i) => {
      const at = Math.floor(((i + row.draw()) * kiosk.pressed.length) / 3)
      return kiosk.pressed[at]?.id ?? ''
    })
    const gone = poison(kiosk, ids)
    kiosk.proxy.faults.isMute = false
    kiosk.proxy.reset()
    await waitForRest(kiosk)
    await kiosk.press(Math.round(5 * faultScale))
    // Its next hello tells how many touches there were in all.
    kiosk.proxy.reset()

    const tombstones = kiosk.installation.readCentral<{ body: string }>(
      "SELECT body FROM record_row WHERE kind = 'tombstone' ORDER BY sequence",
    )
    expect(tombstones).toHaveLength(gone.size)
    for (const [i, reason] of [...gone.values()].entries()) expect(tombstones[i]?.body).toContain(reason)
    const { uplink } = kiosk.terminal().counters()
    const { rejected } = await fetchLedger(kiosk.installation.httpUrl, kiosk.account.username)
    // The terminal itself may have learnt of one by a mark only, where the line broke under the word of it.
    expect(rejected).toBe(gone.size)
    const faults = { 'poison records': gone.size, 'batches refused': Number(uplink['batch-refused']) }
    await kiosk.finish(row, faults, new Set(gone.keys()))
  } finally {
    await kiosk.close()
  }
}

faultRow('poison record mid-stream', 300, play)
