import type { BatchMessage, Lost, PressColumns } from './batch.ts'
import type { AliveRecord, AnchorRecord, AnswerRecord, PressRecord, TerminalRecord } from './records.ts'
import { encodeBoxRuns, encodeDeltas, encodeRuns } from './runs.ts'

/** First 16 hex digits of the SHA-256 of a text; an argument, because a contract imports nothing that hashes. */
export type HashText = (text: string) => string

const ofKind =
  <R extends TerminalRecord>(kind: R['kind']) =>
  (record: TerminalRecord): record is R =>
    record.kind === kind

function encodeSurveys(presses: readonly PressRecord[]): PressColumns['surveys'] {
  const surveys: PressColumns['surveys'] = []
  for (const { question, surveyRevision } of presses) {
    const last = surveys.at(-1)
    if (last && last[0] === question && last[1] === surveyRevision) last[2] += 1
    else surveys.push([question, surveyRevision, 1])
  }
  return surveys
}

function encodePresses(presses: readonly PressRecord[]): PressColumns {
  return {
    values: presses.map((press) => press.value),
    surveys: encodeSurveys(presses),
    sources: encodeRuns(presses.map((press) => press.source)),
    boxes: encodeBoxRuns(presses.filter((press) => press.source === 'box')),
    touchIds: presses.filter((press) => press.source === 'touch').map((press) => press.touchId),
    spreads: encodeRuns(presses.map((press) => press.spreadMs)),
    flags: encodeRuns(presses.map((press) => press.flags)),
  }
}

/**
 * Writes a batch as its payload.
 *
 * @param records 0 to 200 records of `epoch`, sequences following each other from `first`
 * @param lost ranges given up, of any epoch of this terminal
 * @returns the JSON text, its hash last
 */
export function formatBatch(
  {
    epoch,
    first,
    records,
    lost,
  }: { epoch: string; first: number; records: readonly TerminalRecord[]; lost?: readonly Lost[] },
  hashText: HashText,
): string {
  const presses = records.filter(ofKind<PressRecord>('press'))
  const answers = records.filter(ofKind<AnswerRecord>('answer'))
  const anchors = records.filter(ofKind<AnchorRecord>('anchor'))
  const alive = records.filter(ofKind<AliveRecord>('alive'))
  const message: Omit<BatchMessage, 'hash'> = {
    epoch,
    first,
    count: records.length,
    kinds: encodeRuns(records.map((record) => record.kind)),
    boots: encodeRuns(records.map((record) => record.boot)),
    mono: encodeDeltas(records.map((record) => record.monoMs)),
    wall: encodeDeltas(records.map((record) => record.wallMs - record.monoMs)),
    ...(presses.length > 0 && { press: encodePresses(presses) }),
    ...(answers.length > 0 && { answers: answers.map(({ touchId, followUp, option }) => [touchId, followUp, option]) }),
    ...(anchors.length > 0 && { anchors: anchors.map(({ utcMs, errorMs, clock }) => [utcMs, errorMs, clock]) }),
    ...(alive.length > 0 && { alive: alive.map((record) => record.coveredMs) }),
    ...(lost && lost.length > 0 && { lost: [...lost] }),
  }
  const text = JSON.stringify(message)
  const body = text.slice(0, -1)
  return `${body},"hash":"${hashText(body)}"}`
}
