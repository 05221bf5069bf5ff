import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { decodeLine, type From } from '../../contracts/second/serial-line.ts'

/** The rows of PROTOCOL.md §16, lines as bytes. */
function readVectors() {
  const text = readFileSync(new URL('../../../firmware-bridge/line/golden-lines.tsv', import.meta.url), 'utf8')
  const rows = text.split('\n').filter((row) => row !== '' && !row.startsWith('#'))
  return rows.map((row) => {
    const [from = '', line = '', verdict = '', fields = ''] = row.split('\t')
    const latin1 = line.replace(/\\x([0-9A-F]{2})/g, (_, digits: string) =>
      String.fromCharCode(Number.parseInt(digits, 16)),
    )
    return { from: from as From, line, bytes: Buffer.from(latin1, 'latin1'), verdict, fields }
  })
}

describe('the decoder written from PROTOCOL.md alone', () => {
  it.each(readVectors())('reads $from: $line', ({ from, bytes, verdict, fields }) => {
    const reading = decodeLine(from, bytes)
    expect(reading.ok ? 'ok' : reading.reason).toBe(verdict)
    const told = reading.ok
      ? Object.entries(reading.fields)
          .map(([name, value]) => `${name}=${value}`)
          .join(' ')
      : (reading.field ?? '')
    expect(told).toBe(fields)
  })
})
