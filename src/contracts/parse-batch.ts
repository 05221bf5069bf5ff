import { Compile } from 'typebox/compile'
import { BatchMessage, type Lost, type PressColumns } from './batch.ts'
import type { HashText } from './format-batch.ts'
import { parseJson } from './parse-message.ts'
import type { PressRecord, TerminalRecord } from './records.ts'
import { decodeBoxRuns, decodeDeltas, decodeRuns } from './runs.ts'

export type Batch = { epoch: string; first: number; records: TerminalRecord[]; lost: Lost[] }
export type BatchFault = 'too-large' | 'not-json' | 'bad-shape' | 'bad-hash' | 'bad-columns'
export type ParsedBatch =
  | { ok: true; batch: Batch }
  | {
      ok: false
      reason: BatchFault
      detail: string /** Set when the fault can be laid to one record, which may then be rejected. */
      only: { epoch: string; sequence: number } | null
    }

const validator = Compile(BatchMessage)
const utf8 = new TextDecoder()
const hashMark = ',"hash":"'

type Common = { sequence: number; boot: string; monoMs: number; wallMs: number }
type PressParts = Pick<PressRecord, 'question' | 'surveyRevision' | 'value' | 'spreadMs' | 'flags'> &
  ({ source: 'box'; box: string; boxSeq: number } | { source: 'touch'; touchId: string })

function decodeSurveys(
  runs: PressColumns['surveys'],
  length: number,
): { question: string; surveyRevision: number }[] | null {
  return decodeRuns(
    runs.map(([question, surveyRevision, count]) => [{ question, surveyRevision }, count] as const),
    length,
  )
}

function decodePresses(columns: PressColumns): PressParts[] | null {
  const n = columns.values.length
  const surveys = decodeSurveys(columns.surveys, n)
  const sources = decodeRuns(columns.sources, n)
  const spreads = decodeRuns(columns.spreads, n)
  const flags = decodeRuns(columns.flags, n)
  const boxes = sources && decodeBoxRuns(columns.boxes, sources.filter((source) => source === 'box').length)
  const touchIds = [...columns.touchIds]
  if (!surveys || !sources || !spreads || !flags || !boxes || touchIds.length + boxes.length !== n) return null
  return columns.values.map((value, i) => {
    const survey = surveys[i] as { question: string; surveyRevision: number }
    const common = { ...survey, value, spreadMs: spreads[i] as number | null, flags: flags[i] as number }
    return sources[i] === 'box'
      ? { ...common, source: 'box', ...(boxes.shift() as { box: string; boxSeq: number }) }
      : { ...common, source: 'touch', touchId: touchIds.shift() as string }
  })
}

/** Deals the entries of each kind's columns out to the records of that kind; null where the counts disagree. */
function decodeRecords(message: BatchMessage): TerminalRecord[] | null {
  const kinds = decodeRuns(message.kinds, message.count)
  const boots = decodeRuns(message.boots, message.count)
  const mono = decodeDeltas(message.mono)
  const wall = decodeDeltas(message.wall)
  const presses = message.press ? decodePresses(message.press) : []
  if (!kinds || !boots || !mono || !wall || !presses) return null
  if (mono.length !== message.count || wall.length !== message.count || mono.some((monoMs) => monoMs < 0)) return null
  const queues = {
    press: presses,
    answer: [...(message.answers ?? [])],
    anchor: [...(message.anchors ?? [])],
    alive: [...(message.alive ?? [])],
  }
  const records: TerminalRecord[] = []
  for (const [i, kind] of kinds.entries()) {
    const monoMs = mono[i] as number
    const common = {
      sequence: message.first + i,
      boot: boots[i] as string,
      monoMs,
      wallMs: (wall[i] as number) + monoMs,
    }
    const record = decodeRecord(kind, common, queues)
    if (!record) return null
    records.push(record)
  }
  return Object.values(queues).every((queue) => queue.length === 0) ? records : null
}

type Queues = {
  press: PressParts[]
  answer: [string, string, number][]
  anchor: [number, number, 'kernel' | 'exchange'][]
  alive: number[]
}

function decodeRecord(kind: TerminalRecord['kind'], common: Common, queues: Queues): TerminalRecord | null {
  if (kind === 'tick') return { ...common, kind }
  if (kind === 'press') {
    const press = queues.press.shift()
    return press ? { ...common, kind, ...press } : null
  }
  if (kind === 'answer') {
    const answer = queues.answer.shift()
    return answer ? { ...common, kind, touchId: answer[0], followUp: answer[1], option: answer[2] } : null
  }
  if (kind === 'anchor') {
    const anchor = queues.anchor.shift()
    return anchor ? { ...common, kind, utcMs: anchor[0], errorMs: anchor[1], clock: anchor[2] } : null
  }
  const coveredMs = queues.alive.shift()
  return coveredMs === undefined ? null : { ...common, kind, coveredMs }
}

/** Names the record to reject when an unreadable payload claims to carry one alone. */
function findOnlyRecord(value: unknown): { epoch: string; sequence: number } | null {
  const { epoch, first, count } = (value ?? {}) as Record<string, unknown>
  if (typeof epoch !== 'string' || !/^[0-9a-f]{16}$/.test(epoch)) return null
  return count === 1 && Number.isSafeInteger(first) && (first as number) > 0
    ? { epoch, sequence: first as number }
    : null
}

/**
 * Reads a batch's payload. Never throws.
 *
 * @param hashText first 16 hex digits of the SHA-256 of a text (UTF-8)
 */
export function parseBatch(payload: Uint8Array, hashText: HashText): ParsedBatch {
  const json = parseJson(payload)
  if (!json.ok) return { ...json, only: null }
  const text = utf8.decode(payload)
  const markAt = text.lastIndexOf(hashMark)
  const fail = (reason: BatchFault, detail: string): ParsedBatch => ({
    ok: false,
    reason,
    detail,
    only: findOnlyRecord(json.value),
  })
  if (!validator.Check(json.value)) {
    const [first] = validator.Errors(json.value)
    return fail('bad-shape', `${first?.instancePath || '/'} ${first?.message ?? ''}`)
  }
  const message = json.value as BatchMessage
  if (markAt < 0 || hashText(text.slice(0, markAt)) !== message.hash) {
    return { ok: false, reason: 'bad-hash', detail: 'the content is not what was hashed', only: null }
  }
  const records = decodeRecords(message)
  if (!records) return fail('bad-columns', 'columns and counts disagree')
  if (!Number.isSafeInteger(message.first + message.count)) return fail('bad-columns', 'sequence leaves the integers')
  return { ok: true, batch: { epoch: message.epoch, first: message.first, records, lost: message.lost ?? [] } }
}
