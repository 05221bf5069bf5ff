// Lines per second of the serial codec, beside what the line itself can carry and beside JSON.parse of the same fields in the
// same run: npm run bench -- line-codec
import type { BoxLine } from '../../firmware-bridge/line/box-line.ts'
import { formatLine } from '../../firmware-bridge/line/format-line.ts'
import { parseBoxLine } from '../../firmware-bridge/line/parse-line.ts'
import { makeLineSplitter } from '../../firmware-bridge/serial/line-splitter.ts'
import { printFigures } from './support/print-figures.ts'

const LINES = 200_000
const ROUNDS = 5
/** 57600 baud, ten bits a byte (PROTOCOL.md §1). */
const LINE_BYTES_PER_S = 5_760

const boxId = '3f9c02d7'
const flags = { stuck: false, chord: false }
const presses: BoxLine[] = Array.from({ length: LINES }, (_, i) => ({
  ...{ type: 'press', boxId, sequence: 1 + i, button: ((i % 4) + 1) as 1, ageMs: 20 + (i % 50), flags },
}))
const texts = presses.map((line) => formatLine(line))
const bodies = texts.map((text) => text.slice(0, -1))
const jsons = presses.map((line) => JSON.stringify(line))
// What comes before the first newline is discarded (PROTOCOL.md §2.6).
const bytes = Buffer.from(`\n${texts.join('')}`, 'latin1')

/** The least of several rounds: other programs on the machine only ever add time. */
function linesPerSecond(run: () => number): number {
  let bestMs = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS; round += 1) {
    const startMs = performance.now()
    if (run() !== LINES) throw new Error('not every line was read')
    bestMs = Math.min(bestMs, performance.now() - startMs)
  }
  return (1000 * LINES) / bestMs
}

function split(): number {
  let good = 0
  const splitter = makeLineSplitter({
    onLine: (text) => {
      if (parseBoxLine(text).ok) good += 1
    },
    onTooLong: () => {},
  })
  for (let at = 0; at < bytes.length; at += 64) splitter.push(bytes.subarray(at, at + 64))
  return good
}

const parse = linesPerSecond(() => bodies.filter((text) => parseBoxLine(text).ok).length)
const format = linesPerSecond(() => presses.filter((line) => formatLine(line) !== '').length)
const whole = linesPerSecond(split)
const json = linesPerSecond(() => jsons.filter((text) => JSON.parse(text) !== null).length)
const carried = LINE_BYTES_PER_S / (bytes.length / LINES)

const rate = (what: string, value: number) => ({ what, value, unit: 'lines/s', ratio: value / json, to: 'JSON.parse' })
printFigures('line-codec', [
  rate('JSON.parse of the same fields', json),
  rate('parse a press', parse),
  rate('format a press', format),
  rate('bytes in pieces of 64 to presses', whole),
  rate('what the line itself carries', carried),
])
