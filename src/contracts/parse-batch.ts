import { Compile } from 'typebox/compile'
import { BatchMessage, type Lost, type PressColumns } from './batch.ts'
import type { HashText } from './format-batch.ts'
import { maxBatchRecords } from './limits.ts'
import { parseJson } from './parse-message.ts'
import type { PressRecord, TerminalRecord } from './records.ts'
import { decodeBoxRuns, decodeDeltas, decodeRuns } from './runs.ts'

export type Batch = { epoch: string; first: number; records: TerminalRecord[]; lost: Lost[] }
type BatchFault = 'too-large' | 'not-json' | 'bad-shape' | 'bad-hash' | 'bad-columns'
export type ParsedBatch =
  | { ok: true; batch: Batch }
  | {
      ok: false
      reason: BatchFault
      detail: string /** Set when the fault can be laid to one record, which may then be rejected. */
      only: { epoch: string; sequence: number } | null
      /** Set when it lies in one of several, of which these are the first. */
      several: { epoch: string; first: number } | null
    }

const validator = Compile(BatchMessage)
/** WIRE.md §6.3: the hash is the last member, and nothing stands behind it. */
const hashTail = /^,"hash":"([0-9a-f]{16})"\}$/
const hashTailLength = ',"hash":"0123456789abcdef"}'.length

type Common = { sequence: number; boot: string; monoMs: number; wallMs: number }
function decodeSurveys(
  runs: PressColumns['surveys'],
  length: number,
): { question: string; surveyRevision: number }[] | null {
  return decodeRuns(
    runs.map(([question, surveyRevision, count]) => [{ question, surveyRevision }, count] as const),
    length,
  )
}

/**
 * The presses of a batch, in order. Members are copied by name: spreading objects into each other takes most of the time that
 * reading a batch takes.
 *
 * @param commons what the columns of all kinds say of these presses
 */
function decodePresses(columns: PressColumns, commons: readonly Common[]): PressRecord[] | null {
  const n = columns.values.length
  const surveys = decodeSurveys(columns.surveys, n)
  const sources = decodeRuns(columns.sources, n)
  const spreads = decodeRuns(columns.spreads, n)
  const flags = decodeRuns(columns.flags, n)
  const boxes = sources && decodeBoxRuns(columns.boxes, sources.filter((source) => source === 'box').length)
  if (!surveys || !sources || !spreads || !flags || !boxes) return null
  if (commons.length !== n || columns.touchIds.length + boxes.length !== n) return null
  let [boxAt, touchAt] = [0, 0]
  return columns.values.map((value, i) => {
    const { sequence, boot, monoMs, wallMs } = commons[i] as Common
    const { question, surveyRevision } = surveys[i] as { question: string; surveyRevision: number }
    const spreadMs = spreads[i] as number | null
    const flagBits = flags[i] as number
    const kind = 'press'
    if (sources[i] === 'touch') {
      const touchId = columns.touchIds[touchAt++] as string
      const shown = { question, surveyRevision, value, spreadMs, flags: flagBits }
      return { kind, sequence, boot, monoMs, wallMs, ...shown, source: 'touch', touchId }
    }
    const { box, boxSeq } = boxes[boxAt++] as { box: string; boxSeq: number }
    return {
      kind,
      sequence,
      boot,
      monoMs,
      wallMs,
      question,
      surveyRevision,
      value,
      spreadMs,
      flags: flagBits,
      source: 'box',
      box,
      boxSeq,
    }
  })
}

/** Deals the entries of each kind's columns out to the records of that kind; null where the counts disagree. */
function decodeRecords(message: BatchMessage): TerminalRecord[] | null {
  const kinds = decodeRuns(message.kinds, message.count)
  const boots = decodeRuns(message.boots, message.count)
  const mono = decodeDeltas(message.mono)
  const wall = decodeDeltas(message.wall)
  if (!kinds || !boots || !mono || !wall) return null
  if (mono.length !== message.count || wall.length !== message.count || mono.some((monoMs) => monoMs < 0)) return null
  const commons = mono.map((monoMs, i) => {
    return { sequence: message.first + i, boot: boots[i] as string, monoMs, wallMs: (wall[i] as number) + monoMs }
  })
  if (commons.some(({ wallMs }) => !Number.isSafeInteger(wallMs))) return null
  const ofPresses = commons.filter((_, i) => kinds[i] === 'press')
  const presses = message.press ? decodePresses(message.press, ofPresses) : []
  if (!presses) return null
  const entries = { press: presses, answer: message.answers, anchor: message.anchors, alive: message.alive }
  const records: TerminalRecord[] = []
  const taken = { press: 0, answer: 0, anchor: 0, alive: 0 }
  for (let i = 0; i < kinds.length; i += 1) {
    const kind = kinds[i] as TerminalRecord['kind']
    if (kind === 'tick') {
      records.push({ ...(commons[i] as Common), kind })
      continue
    }
    const entry = entries[kind]?.[taken[kind]]
    if (entry === undefined) return null
    taken[kind] += 1
    records.push(kind === 'press' ? (entry as PressRecord) : decodeOther(kind, commons[i] as Common, entry))
  }
  const isSpent = (kind: keyof typeof taken) => taken[kind] === (entries[kind] ?? []).length
  return isSpent('press') && isSpent('answer') && isSpent('anchor') && isSpent('alive') ? records : null
}

function decodeOther(kind: 'answer' | 'anchor' | 'alive', common: Common, entry: unknown): TerminalRecord {
  switch (kind) {
    case 'answer': {
      const [touchId, followUp, option] = entry as [string, string, number]
      return { ...common, kind, touchId, followUp, option }
    }
    case 'anchor': {
      const [utcMs, errorMs, clock] = entry as [number, number, 'kernel' | 'exchange']
      return { ...common, kind, utcMs, errorMs, clock }
    }
    case 'alive':
      return { ...common, kind, coveredMs: entry as number }
  }
}

type Claimed = Pick<Extract<ParsedBatch, { ok: false }>, 'only' | 'several'>
const nothingClaimed: Claimed = { only: null, several: null }

/** What an unreadable payload claims to carry: one record to reject, or several to be sent in smaller parts. */
function findClaimed(value: unknown): Claimed {
  const { epoch, first, count } = (value ?? {}) as Record<string, unknown>
  if (typeof epoch !== 'string' || !/^[0-9a-f]{16}$/.test(epoch)) return nothingClaimed
  if (typeof first !== 'number' || !Number.isSafeInteger(first) || first < 1) return nothingClaimed
  if (count === 1) return { only: { epoch, sequence: first }, several: null }
  const isSeveral = typeof count === 'number' && Number.isInteger(count) && count > 1 && count <= maxBatchRecords
  return { only: null, several: isSeveral ? { epoch, first } : null }
}

/**
 * Reads a batch's payload. Never throws.
 *
 * @param hashText first 16 hex digits of the SHA-256 of a text (UTF-8)
 */
export function parseBatch(payload: Uint8Array, hashText: HashText): ParsedBatch {
  const json = parseJson(payload)
  if (!json.ok) return { ...json, ...nothingClaimed }
  const { text } = json
  const tail = hashTail.exec(text.slice(-hashTailLength))
  // Before anything else: a record must not be given up for what happened to it on the way.
  if (!tail || hashText(text.slice(0, -hashTailLength)) !== tail[1]) {
    return { ok: false, reason: 'bad-hash', detail: 'the content is not what was hashed', ...nothingClaimed }
  }
  const claimed = findClaimed(json.value)
  const fail = (reason: BatchFault, detail: string): ParsedBatch => ({ ok: false, reason, detail, ...claimed })
  if (!validator.Check(json.value)) {
    const [first] = validator.Errors(json.value)
    return fail('bad-shape', `${first?.instancePath || '/'} ${first?.message ?? ''}`)
  }
  const message = json.value as BatchMessage
  const records = decodeRecords(message)
  if (!records) return fail('bad-columns', 'columns and counts disagree')
  if (!Number.isSafeInteger(message.first + message.count)) return fail('bad-columns', 'sequence leaves the integers')
  return { ok: true, batch: { epoch: message.epoch, first: message.first, records, lost: message.lost ?? [] } }
}
