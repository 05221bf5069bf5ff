import { parseHostLine } from '../line/parse-line.ts'

/** Some bytes, and when they came. */
export type HeardChunk = { bytes: Uint8Array; atMs: number }

export type UnknownSpeaker = {
  kind:
    | 'gps'
    | 'modem'
    /** The login or boot messages of a computer. */
    | 'console'
    /** The host's own lines: two hosts face each other, or the line comes back to where it began. */
    | 'host'
    /** Pieces of a box's lines, none of them whole. */
    | 'box-damaged'
    | 'text'
    /** One and the same byte, 00 or FF: the wire stands at a level. */
    | 'level'
    /** No text, but like bursts again and again: something speaks, at another speed. */
    | 'repeating'
    | 'nonsense'
  facts: { sample?: string }
}

/** `$GPRMC,…*6A` and the like (NMEA 0183). */
const gpsSentence = /\$(?:G[ABLNPQ]|BD|QZ|P)[A-Z]{3,5},[\x20-\x7e]*\*[0-9A-F]{2}/
const modemAnswer =
  /(?:^|[\r\n])(?:OK|ERROR|RING|NO CARRIER|RDY|\+C[A-Z]{2,6}: ?[\x20-\x7e]{0,80}|AT[+&A-Z0-9=?]{0,40})\r/
const consoleText =
  /login: ?$|[Pp]assword: ?$|U-Boot|Linux version|\[ {0,4}\d+\.\d{6}\] |(?:^|\n)[\w.@:~/ -]{0,40}[$#] $/m
const boxFragment = /[HE],(?:1,)?[0-9a-f]{8},\d|,\d+\.\d+\.\d+\*[0-9A-F]{4}|\d\*[0-9A-F]{4}\n|N\*48FA/
/** A burst ends where the line rests this long; a box rests about 980 ms of each second. */
const restMs = 200

/**
 * Guesses who speaks where not one line of a box was heard.
 *
 * @param chunks the first of what was heard, a few KB; null of none
 */
export function recogniseSpeaker(chunks: readonly HeardChunk[]): UnknownSpeaker | null {
  const bytes = Buffer.concat(chunks.map((chunk) => chunk.bytes))
  if (bytes.length === 0) return null
  const text = bytes.toString('latin1')
  const quote = (kind: UnknownSpeaker['kind'], match: RegExpExecArray | null): UnknownSpeaker | null =>
    match && { kind, facts: { sample: formatSample(match[0]) } }
  return (
    quote('gps', gpsSentence.exec(text)) ??
    findHostLine(text) ??
    quote('box-damaged', boxFragment.exec(text)) ??
    quote('modem', modemAnswer.exec(text)) ??
    quote('console', consoleText.exec(text)) ??
    recogniseText(text) ??
    recogniseBursts(bytes, chunks)
  )
}

function findHostLine(text: string): UnknownSpeaker | null {
  const line = text.split('\n').find((candidate) => parseHostLine(candidate).ok)
  return line === undefined ? null : { kind: 'host', facts: { sample: line } }
}

const isReadable = (char: string) => (char >= ' ' && char <= '~') || char === '\r' || char === '\n' || char === '\t'

function recogniseText(text: string): UnknownSpeaker | null {
  const readable = [...text].filter(isReadable).length
  if (text.length < 16 || readable < 0.95 * text.length) return null
  const longest = text.split(/[\r\n]+/).reduce((long, line) => (line.length > long.length ? line : long), '')
  return { kind: 'text', facts: { sample: formatSample(longest) } }
}

function recogniseBursts(bytes: Buffer, chunks: readonly HeardChunk[]): UnknownSpeaker {
  const sample = bytes
    .subarray(0, 16)
    .toString('hex')
    .replace(/..(?=.)/g, '$& ')
  const first = bytes[0]
  const isLevel = (first === 0x00 || first === 0xff) && bytes.every((byte) => byte === first)
  if (isLevel) return { kind: 'level', facts: { sample } }
  return { kind: areAlike(splitBursts(chunks)) ? 'repeating' : 'nonsense', facts: { sample } }
}

function splitBursts(chunks: readonly HeardChunk[]): Buffer[] {
  const bursts: Uint8Array[][] = []
  let lastAtMs = Number.NEGATIVE_INFINITY
  for (const { bytes, atMs } of chunks) {
    if (atMs - lastAtMs >= restMs) bursts.push([])
    bursts.at(-1)?.push(bytes)
    lastAtMs = atMs
  }
  return bursts.map((pieces) => Buffer.concat(pieces)).filter((burst) => burst.length >= 4)
}

/**
 * A speaker at another speed garbles the same words the same way: two thirds of one hello are those of the hello before. Noise repeats
 * nothing: of 90 random bytes hardly ever two follow each other as in 90 others.
 */
function areAlike(bursts: readonly Buffer[]): boolean {
  const alike = bursts.slice(1).filter((burst, index) => shareOfPairs(burst, bursts[index]) >= 0.3)
  return alike.length > 0 && alike.length >= (bursts.length - 1) / 2
}

function shareOfPairs(burst: Buffer, before: Buffer | undefined): number {
  const known = new Set(before && listPairs(before))
  const pairs = listPairs(burst)
  return pairs.filter((pair) => known.has(pair)).length / pairs.length
}

function listPairs(burst: Buffer): number[] {
  return Array.from({ length: burst.length - 1 }, (_, index) => burst.readUInt16BE(index))
}

/** At most 60 printable characters, safe to show on a person's screen. */
function formatSample(text: string): string {
  const printable = text.replace(/[^\x20-\x7e]+/g, ' ').trim()
  return printable.length > 60 ? `${printable.slice(0, 59)}…` : printable
}
