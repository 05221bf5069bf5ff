import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  type BoxLine,
  type HostLine,
  lightModes,
  type PressFlags,
  resetCauses,
} from '../../../firmware-bridge/line/box-line.ts'
import { formatLine } from '../../../firmware-bridge/line/format-line.ts'
import { parseBoxLine, parseHostLine } from '../../../firmware-bridge/line/parse-line.ts'

type Vector = { from: 'box' | 'host'; text: string; verdict: string; fields: string }

const url = new URL('../../../firmware-bridge/line/golden-lines.tsv', import.meta.url)
const vectors = readFileSync(url, 'utf8')
  .split('\n')
  .filter((row) => row !== '' && !row.startsWith('#'))
  .map(readVector)

/** PROTOCOL.md §16 */
function readVector(row: string): Vector {
  const [from, escaped, verdict, fields, ...rest] = row.split('\t')
  if ((from !== 'box' && from !== 'host') || escaped === undefined || !verdict || rest.length > 0)
    throw new Error(`not a golden vector: ${JSON.stringify(row)}`)
  const text = escaped.replace(/\\x([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return { from, text, verdict, fields: fields ?? '' }
}

/** A line as the fourth column has it. */
function describeLine(line: BoxLine | HostLine): string {
  switch (line.type) {
    case 'hello':
      return `type=H version=1 id=${line.boxId} boot=${line.bootNumber} cause=${resetCauses.indexOf(line.resetCause)} next=${line.nextSequence} pending=${line.pending} dropped=${line.dropped} bad=${line.bad} now=${line.boxNowMs} fw=${line.firmware}`
    case 'press':
      return `type=E id=${line.boxId} seq=${line.sequence} button=${line.button} age=${line.ageMs ?? '-'} flags=${sumFlags(line.flags)}`
    case 'no-identity':
      return 'type=N'
    case 'wake':
      return 'type=W'
    case 'ack':
      return `type=A id=${line.boxId} seq=${line.sequence} status=${line.status === 'committed' ? 0 : 2}`
    case 'set-identity':
      return `type=S id=${line.boxId}`
    case 'lights':
      return `type=L mode=${lightModes.indexOf(line.mode)}`
  }
}

function sumFlags({ stuck, chord }: PressFlags): number {
  return Number(stuck) + 2 * Number(chord)
}

describe('golden lines (PROTOCOL.md §16)', () => {
  it('holds vectors of both directions and of every verdict', () => {
    expect(vectors.length).toBeGreaterThan(200)
    const reasons = ['ok', 'empty', 'too-long', 'bytes', 'frame', 'crc', 'type', 'fields', 'field']
    for (const from of ['box', 'host'] as const) {
      const seen = new Set(vectors.filter((vector) => vector.from === from).map(({ verdict }) => verdict))
      expect(seen).toEqual(new Set([...reasons, ...(from === 'box' ? ['version'] : [])]))
    }
  })

  it.each(vectors)('$from $text is $verdict $fields', ({ from, text, verdict, fields }) => {
    const parsed = from === 'box' ? parseBoxLine(text) : parseHostLine(text)
    if (verdict === 'ok') {
      if (!parsed.ok) expect.fail(`refused: ${parsed.reason} ${parsed.field ?? ''}`)
      expect(describeLine(parsed.line)).toBe(fields)
      expect(formatLine(parsed.line)).toBe(`${text}\n`)
    } else {
      expect(parsed).toEqual({ ok: false, reason: verdict, ...(verdict === 'field' && { field: fields }) })
    }
  })
})
