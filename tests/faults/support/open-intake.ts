import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect } from 'vitest'
import { readLedger } from '../../../src/central/fleet/read-ledger.ts'
import { openIngest } from '../../../src/central/ingest/open-ingest.ts'
import { openSqliteStore } from '../../../src/central/store/sqlite/open-sqlite-store.ts'
import { countTallyFaults } from '../../../src/cli/simulate/check-tallies.ts'
import { formatBatch } from '../../../src/contracts/format-batch.ts'
import type { Ledger } from '../../../src/contracts/http/terminals.ts'
import type { Outbox } from '../../../src/terminal/outbox/outbox.ts'
import { placeTerminals } from '../../central/ingest/ingest-harness.ts'
import { hashText } from '../../support/record-arbitraries.ts'
import { silentLogger } from '../../support/silent-logger.ts'

type Batch = NonNullable<ReturnType<Outbox['nextBatch']>>
type Answer = { epoch: string; upTo?: number; expect?: number; sequence?: number; reject?: string }

/** What of a central takes presses: its ingest on a store of its own, without a network. */
export type Intake = {
  /** As it stands on the wire. */
  take(text: string): Promise<void>
  /** Greets an outbox with its marks, and lets it deliver everything. @param onBatch called with each batch that it sends */
  empty(outbox: Outbox, onBatch?: (batch: Batch) => void): Promise<void>
  /** Its rows by plain SQL, none of them a repeat, with a number and a value each; the tallies agree with them. */
  presses(): { boxSeq: number; value: number }[]
  ledger(): Promise<Ledger>
  close(): Promise<void>
}

const terminal = 'till-1'
/** Outboxes of tests live in years to come. */
const nowMs = Date.UTC(2030, 0, 1)

export async function openIntake(): Promise<Intake> {
  const folder = mkdtempSync(join(tmpdir(), 'smilepost-intake-'))
  const path = join(folder, 'central.sqlite')
  const store = await openSqliteStore({ path, logger: silentLogger })
  await placeTerminals(store, [terminal])
  let answers: Answer[] = []
  let monotonicMs = 0
  // Ample for what a terminal may send: a second a message.
  const monoMs = () => {
    monotonicMs += 1_000
    return monotonicMs
  }
  const ingest = openIngest({
    ...{ store, logger: silentLogger, clock: { wallMs: () => nowMs, monoMs } },
    publish: (_, leaf, text) => void (leaf === 'ack' && answers.push(JSON.parse(text) as Answer)),
    makeDesired: async () => null,
    onCommitted: () => undefined,
  })

  async function take(text: string): Promise<void> {
    ingest.receive(terminal, 'batch', Buffer.from(text))
    await ingest.idle()
  }

  async function greet(outbox: Outbox): Promise<void> {
    const marks = new Map((await store.read.cursors(terminal)).map(({ epoch, upTo }) => [epoch, upTo]))
    for (const { epoch, confirmed } of outbox.held()) {
      const mark = { epoch, upTo: marks.get(epoch) ?? 0 }
      if (mark.upTo < confirmed) outbox.align(mark)
      else outbox.confirm(mark)
    }
  }

  function apply(outbox: Outbox, { epoch, upTo, expect: wanted, sequence, reject }: Answer): void {
    if (upTo !== undefined) outbox.confirm({ epoch, upTo })
    if (wanted !== undefined) outbox.align({ epoch, upTo: wanted - 1 })
    if (sequence !== undefined) outbox.reject({ epoch, sequence }, reject ?? '')
  }

  return {
    take,
    async empty(outbox, onBatch = () => undefined) {
      await greet(outbox)
      let rounds = 0
      for (let batch = outbox.nextBatch(200); batch; batch = outbox.nextBatch(200)) {
        onBatch(batch)
        answers = []
        await take(formatBatch(batch, hashText))
        expect(answers.length).toBeGreaterThan(0)
        for (const answer of answers) apply(outbox, answer)
        rounds += 1
        expect(rounds).toBeLessThan(1_000)
      }
    },
    presses() {
      const db = new Database(path, { readonly: true })
      try {
        expect(countTallyFaults(db)).toEqual(new Map())
        return db
          .prepare<[], { boxSeq: number; value: number }>(
            'SELECT box_seq AS boxSeq, value FROM press WHERE is_repeat = 0 ORDER BY box_seq',
          )
          .all()
      } finally {
        db.close()
      }
    },
    async ledger() {
      const ledger = await readLedger(store.read, terminal)
      if (!ledger) throw new Error('no ledger')
      return ledger
    },
    async close() {
      await ingest.close()
      await store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
