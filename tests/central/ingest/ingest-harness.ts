import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Change, type Ingest, openIngest } from '../../../src/central/ingest/open-ingest.ts'
import type { Store } from '../../../src/central/store/port.ts'
import { openSqliteStore } from '../../../src/central/store/sqlite/open-sqlite-store.ts'
import type { Lost } from '../../../src/contracts/batch.ts'
import { formatBatch } from '../../../src/contracts/format-batch.ts'
import type { Ack, Desired, Welcome } from '../../../src/contracts/messages.ts'
import type { TerminalRecord } from '../../../src/contracts/records.ts'
import { type Logger, makeLogger } from '../../../src/shared/logger.ts'
import { hashText } from '../../support/record-arbitraries.ts'

export const epochA = 'aaaaaaaaaaaaaaaa'
export const epochB = 'bbbbbbbbbbbbbbbb'
export const bootA = 'b007000a'
export const bootB = 'b007000b'
export const box = '0000beef'
/** Sunday 30 March 2025, 08:00 in Copenhagen; boots began here. */
export const bootedAtMs = Date.parse('2025-03-30T06:00:00Z')
export const nowMs = Date.parse('2025-04-30T00:00:00Z')
export const minuteMs = 60_000
export const hourMs = 60 * minuteMs

type Fields = Record<string, unknown>
export const pressOf = (sequence: number, fields: Fields = {}): TerminalRecord =>
  ({
    kind: 'press',
    sequence,
    boot: bootA,
    monoMs: sequence * 1_000,
    wallMs: 77,
    question: 'service',
    surveyRevision: 1,
    value: sequence % 4,
    spreadMs: 0,
    flags: 0,
    source: 'box',
    box,
    boxSeq: sequence,
    ...fields,
  }) as TerminalRecord
export const touchOf = (sequence: number, touchId: string, fields: Fields = {}): TerminalRecord => {
  const { box: _box, boxSeq: _seq, ...press } = pressOf(sequence) as Fields
  return { ...press, source: 'touch', touchId, ...fields } as TerminalRecord
}
export const anchorOf = (sequence: number, monoMs: number, fields: Fields = {}): TerminalRecord =>
  ({
    kind: 'anchor',
    sequence,
    boot: bootA,
    monoMs,
    wallMs: 77,
    utcMs: bootedAtMs + monoMs,
    errorMs: 20,
    clock: 'exchange',
    ...fields,
  }) as TerminalRecord

type Said = { terminal: string; leaf: string; message: Record<string, unknown> }
export type Harness = {
  store: Store
  ingest: Ingest
  path: string
  said: Said[]
  /** What the central's clock shows from now on. */
  setNow(ms: number): void
  changes: Change[]
  send(terminal: string, leaf: string, payload: string | Uint8Array): void
  sendBatch(batch: {
    terminal?: string
    epoch?: string
    records: readonly TerminalRecord[]
    lost?: Lost[]
    first?: number
  }): void
  /** All acks said since the last call, once nothing is waiting. */
  acks(): Promise<Ack[]>
  welcomes(): Promise<Welcome[]>
  /** Raw tallies of the touchpoint, as `date hour: counts of 0–3`. */
  tallies(query?: { class?: 'raw' | 'counted' | 'uncertain'; touchpoint?: string }): Promise<string[]>
  close(): Promise<void>
}

export async function placeTerminals(store: Store, terminals: readonly string[]): Promise<void> {
  await store.transact(async (writer) => {
    await writer.putPlace({ id: 'store', parent: null, name: 'Store', kind: 'store' })
    const texts = [{ language: 'en', text: 'How were we?' }]
    await writer.putSurvey({ question: 'service', revision: 1, scaleMax: 3, texts })
    for (const id of ['exit', 'toilet']) {
      const touchpoint = { id, place: 'store', name: id, zone: 'Europe/Copenhagen', question: 'service' }
      await writer.putTouchpoint({ ...touchpoint, openingHours: [], exceptions: [], lights: null })
    }
    for (const id of terminals) {
      await writer.putTerminal({ id, secretHash: '', createdAtMs: 0, name: id })
      await writer.putPlacement({ terminal: id, touchpoint: 'exit', fromMs: 0, toMs: null })
    }
  })
}

export async function openHarness({
  wrapStore = (store: Store) => store,
  makeDesired = async () => null,
  nowMs: startMs = nowMs,
  monoMs = () => performance.now(),
  logger = makeLogger('silent'),
}: {
  wrapStore?: (store: Store) => Store
  makeDesired?: (terminal: string) => Promise<Desired | null>
  nowMs?: number
  monoMs?: () => number
  logger?: Logger
} = {}): Promise<Harness> {
  const folder = mkdtempSync(join(tmpdir(), 'smilepost-ingest-'))
  const path = join(folder, 'central.db')
  const store = await openSqliteStore({ path, logger })
  await placeTerminals(store, ['till-1', 'till-2'])
  const said: Said[] = []
  let now = startMs
  const changes: Change[] = []
  const ingest = openIngest({
    store: wrapStore(store),
    makeDesired,
    publish: (terminal, leaf, text) => said.push({ terminal, leaf, message: JSON.parse(text) }),
    clock: { wallMs: () => now, monoMs },
    logger,
    onCommitted: (change) => changes.push(change),
  })
  const takeSaid = async (leaf: string) => {
    await ingest.idle()
    const messages = said.filter((one) => one.leaf === leaf).map((one) => one.message)
    for (const one of said.filter((each) => each.leaf === leaf)) said.splice(said.indexOf(one), 1)
    return messages
  }
  return {
    store,
    ingest,
    path,
    said,
    setNow: (ms) => {
      now = ms
    },
    changes,
    send: (terminal, leaf, payload) => ingest.receive(terminal, leaf, Buffer.from(payload)),
    sendBatch: ({ terminal = 'till-1', epoch = epochA, records, lost, first }) => {
      const batch = { epoch, first: first ?? records[0]?.sequence ?? 1, records, ...(lost && { lost }) }
      ingest.receive(terminal, 'batch', Buffer.from(formatBatch(batch, hashText)))
    },
    acks: async () => (await takeSaid('ack')) as Ack[],
    welcomes: async () => (await takeSaid('welcome')) as Welcome[],
    async tallies({ class: tallyClass = 'raw', touchpoint = 'exit' } = {}) {
      const query = { touchpoint, question: 'service', class: tallyClass, from: '2000-01-01', to: '2099-01-01' }
      const found = await store.read.tallies(query)
      return found.map(({ localDate, hour, counts }) => `${localDate} ${hour}: ${counts.slice(0, 4).join(' ')}`)
    },
    async close() {
      await ingest.close()
      await store.close()
      rmSync(folder, { recursive: true })
    },
  }
}
