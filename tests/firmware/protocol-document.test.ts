import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { lightModes, refusalReasons, resetCauses } from '../../firmware-bridge/line/box-line.ts'
import { formatLine } from '../../firmware-bridge/line/format-line.ts'
import { parseBoxLine, parseHostLine } from '../../firmware-bridge/line/parse-line.ts'
import { readBoxHex } from '../../firmware-bridge/simulator/box-hex.ts'
import { crcOf, framed, readLine } from './read-line.ts'
import { type Entry, parseTranscript, replayTranscript } from './transcript.ts'

/** PROTOCOL.md's own examples, tables and transcript, taken out of the text and held against the product. */

const read = (path: string) => readFileSync(new URL(`../../firmware-bridge/${path}`, import.meta.url), 'utf8')
const document = read('PROTOCOL.md')
const codes = read('line/codes.tsv')
  .split('\n')
  .filter((row) => row !== '' && !row.startsWith('#'))
  .map((row) => row.split('\t'))
const codesOf = (kind: string) => codes.filter(([of]) => of === kind)
const namesOf = (kind: string) => codesOf(kind).map(([, , name]) => name)

/** Cells of the first table behind a place, without its head. */
function tableBehind(text: string): string[][] {
  const rows = /\n\|[^\n]*\n\|[ |-]*\n((?:\|[^\n]*\n)+)/.exec(text)?.[1] ?? ''
  return rows
    .trimEnd()
    .split('\n')
    .map((row) =>
      row
        .slice(1, -1)
        .split(' | ')
        .map((cell) => cell.trim()),
    )
}

const sections = (heading: RegExp) => document.split(/^(?=### )/m).filter((section) => heading.test(section))
const code = (cell = '') => cell.replace(/^`|`$/g, '')

describe('the examples of PROTOCOL.md', () => {
  const examples = sections(/^### 7\.\d+ `[A-Z]`/)

  it('has every type of line in both directions', () => {
    const types = new Set(examples.map((section) => section.charAt(section.indexOf('`') + 1)))
    expect(types).toEqual(new Set(codesOf('type').map(([, letter]) => letter)))
    expect(examples.length).toBeGreaterThanOrEqual(types.size)
  })

  it.each(examples.map((section) => [section.split('\n')[0], section] as const))('%s', (heading = '', section) => {
    const line = /```\n(.*)\\n\n```/.exec(section)?.[1] ?? ''
    const rows = tableBehind(section)
    expect(rows.map(([, text]) => code(text)).join('')).toBe(`${line}\\n`)
    const bytes = rows.flatMap(([hex]) => code(hex).split(' ')).map((digits) => Number.parseInt(digits, 16))
    expect(Buffer.from(bytes).toString('latin1')).toBe(`${line}\n`)
    const reading = readLine(line)
    expect(reading?.from).toBe(heading.includes('box →') ? 'box' : 'host')
    expect(heading).toContain(`\`${reading?.type}\``)
    for (const [index, name] of Object.keys(reading?.fields ?? {}).entries()) {
      const [, text, meaning = ''] = rows[index + 1] ?? []
      expect(code(text)).toBe(`,${reading?.fields[name]}`)
      expect(meaning.startsWith(name), `${meaning} should begin with ${name}`).toBe(true)
    }
    expect(section).toContain(`CRC of the ${line.length - 5} byte`)
  })

  it('has the right CRC wherever a whole line stands in the text', () => {
    const lines = [...document.matchAll(/(?<![\w,])([A-Z](?:,[^\s`*|]+)*)\*([0-9A-F]{4})(?![0-9A-F])/g)]
    expect(lines.length).toBeGreaterThan(30)
    for (const [line, body = '', crc] of lines) expect(crcOf(body), line).toBe(crc)
    expect(document).toContain(`\`123456789\` is \`${crcOf('123456789')}\``)
  })
})

describe('the session of PROTOCOL.md', () => {
  const script = parseTranscript(/### 7\.10 [\s\S]*?```\n([\s\S]*?)```/.exec(document)?.[1] ?? '')

  it('holds lines of every type and each of its turns', () => {
    const said = script.flatMap(({ who, what }) => (what === '\\n' ? [] : [[who, readLine(what)?.type]]))
    for (const [letter, sender] of codesOf('type').map(([, letter, name]) => [letter, name]))
      expect(said).toContainEqual([sender, letter])
    expect(script.filter(({ who }) => who === 'lost')).toHaveLength(1)
    expect(script.filter(({ who }) => who === 'power')).toHaveLength(4)
  })

  it('is what a box with the committed image says', () => {
    const replayed = replayTranscript(script, readBoxHex())
    expect(replayed.map(withoutTimes)).toEqual(script.map(withoutTimes))
    for (const [index, { atMs, what }] of replayed.entries()) {
      const told = script[index] ?? { atMs: Number.NaN, what: '' }
      expect(Math.abs(atMs - told.atMs)).toBeLessThanOrEqual(15)
      for (const [place, value] of timesOf(what).entries())
        expect(Math.abs(value - (timesOf(told.what)[place] ?? Number.NaN)), what).toBeLessThanOrEqual(15)
    }
  })
})

/** Age of an `E` and now of an `H`, in ms. */
function timesOf(line: string): number[] {
  const { age, now } = readLine(line)?.fields ?? {}
  return [age, now].filter((text) => text !== undefined && text !== '-').map(Number)
}

function withoutTimes({ who, what }: Entry): [string, unknown] {
  const reading = readLine(what)
  if (!reading) return [who, what]
  const { age, now, ...fields } = reading.fields
  return [who, { ...reading, fields: { ...fields, isOld: age === '-' } }]
}

describe('the codes of PROTOCOL.md §15', () => {
  it('are those of codes.tsv, word for word', () => {
    const told = sections(/^### 15\.\d+ `/).flatMap((section) => {
      const kind = section.split('`')[1] ?? ''
      return tableBehind(section).map((cells) => [kind, ...cells])
    })
    expect(codes.length).toBeGreaterThan(25)
    expect(told).toEqual(codes)
  })

  it('are the numbers that the host has for these names', () => {
    expect(namesOf('cause')).toEqual(resetCauses)
    expect(namesOf('mode')).toEqual(lightModes)
    expect(namesOf('reason')).toEqual(refusalReasons)
    for (const kind of ['cause', 'mode'])
      expect(codesOf(kind).map(([, number]) => number)).toEqual(namesOf(kind).map((_, index) => String(index)))
    expect(codesOf('reason').map(([, number]) => Number(number))).toEqual(refusalReasons.map((_, index) => index + 1))
  })

  it.each(codesOf('flag'))('%s %s is %s', (_, number, name) => {
    const text = framed(`E,3f9c02d7,41,1,27,${number}`).trimEnd()
    const flags = { stuck: name === 'stuck', chord: name === 'chord' }
    expect(parseBoxLine(text)).toMatchObject({ ok: true, line: { flags } })
  })

  it.each(codesOf('status'))('%s %s is %s', (_, number, name) => {
    const text = framed(`A,3f9c02d7,41,${number}`).trimEnd()
    expect(parseHostLine(text)).toMatchObject({ ok: true, line: { status: name } })
    const status = name === 'committed' ? 'committed' : 'cannot-store'
    expect(formatLine({ type: 'ack', boxId: '3f9c02d7', sequence: 41, status })).toBe(`${text}\n`)
  })

  it.each(codesOf('type'))('%s %s comes from the %s', (_, letter, sender) => {
    const text = framed(`${letter},,,,,`).trimEnd()
    const [own, other] = sender === 'box' ? [parseBoxLine, parseHostLine] : [parseHostLine, parseBoxLine]
    expect(own(text)).toMatchObject({ ok: false, reason: expect.not.stringMatching(/^type$/) })
    expect(other(text)).toEqual({ ok: false, reason: 'type' })
  })
})
