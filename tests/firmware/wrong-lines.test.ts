import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readBoxHex } from '../../firmware-bridge/simulator/box-hex.ts'
import { type ImageRig, makeEeprom, openImageRig, rigBoxId } from './image-rig.ts'
import { framed, readLine } from './read-line.ts'
import { type GoodLine, makeDamagedLines, makeWrongFields, type WrongLines } from './wrong-lines.ts'

/*
 * Every line of the host with every field wrong in turn, and damaged at every place, said to the real image
 * (PROTOCOL.md §8): no effect, no answer, counted as `bad` exactly where §8 says so.
 */

const hex = readBoxHex()
const golden = readFileSync(new URL('../../firmware-bridge/line/golden-lines.tsv', import.meta.url), 'utf8')

const id = { name: 'id', good: rigBoxId } as const
const wake: GoodLine = { type: 'W', fields: [] }
/** Press 2 is the one in flight. */
const ack: GoodLine = { type: 'A', fields: [id, { name: 'seq', good: '2' }, { name: 'status', good: '0' }] }
const identity: GoodLine = { type: 'S', fields: [id] }
const bright: GoodLine = { type: 'L', fields: [{ name: 'mode', good: '0' }] }

/** Each line of these bytes that is neither empty nor one of PROTOCOL.md. */
function countBad(texts: readonly string[]): number {
  const lines = texts.join('').split('\n')
  return lines.filter((line) => line !== '' && readLine(line)?.from !== 'host').length
}

/** Identity, journal and the lights of a box with presses 2 and 3 undelivered, in quiet mode. */
function openBusyBox(): ImageRig {
  const rig = openImageRig(hex)
  for (const button of [1, 2, 3] as const) rig.tap(button)
  rig.ack(1)
  rig.say('L,2')
  rig.box.advance(6000)
  expect(rig.nextHello()).toMatchObject({ pending: 2, nextSequence: 4, bad: 0 })
  return rig
}

/** Longer than the line takes to arrive, so that what one line did is not taken for another's doing. */
function sayAll(rig: ImageRig, texts: readonly string[]): void {
  for (const text of texts) {
    rig.box.write(text)
    rig.box.advance(text.length * 0.18 + 2)
  }
}

function expectNoEffect(rig: ImageRig, fault: string, texts: readonly string[], badBefore: number): number {
  const eeprom = rig.box.eeprom()
  rig.forget()
  sayAll(rig, texts)
  const startedAt = rig.hellos().map(({ atMs }) => atMs)
  for (const [index, atMs] of startedAt.slice(1).entries())
    expect(atMs - (startedAt[index] ?? 0), `${fault}: answered`).toBeGreaterThan(980)
  expect(new Set(rig.presses().map(({ sequence }) => sequence)).size, fault).toBeLessThanOrEqual(1)
  expect(rig.lights, `${fault}: a light`).toEqual([])
  expect(Buffer.compare(rig.box.eeprom(), eeprom), `${fault}: the EEPROM`).toBe(0)
  const bad = badBefore + countBad(texts)
  expect(rig.nextHello(), fault).toMatchObject({ boxId: rigBoxId, pending: 2, nextSequence: 4, dropped: 0, bad })
  return bad
}

function expectNoEffects(rig: ImageRig, groups: readonly WrongLines[]): number {
  let bad = 0
  for (const { fault, texts } of groups) {
    expect(countBad(texts), `${fault}: a good line among the wrong`).toBeGreaterThanOrEqual(texts.length)
    bad = expectNoEffect(rig, fault, texts, bad)
  }
  return bad
}

/** After all that the box still listens. */
function expectListening(rig: ImageRig): void {
  rig.ack(2)
  rig.box.advance(100)
  expect(rig.nextHello()).toMatchObject({ pending: 1, nextSequence: 4 })
}

describe('a wrong line of the host has no effect', () => {
  it.each([wake, ack, identity, bright])('$type, each field wrong in turn', { timeout: 60_000 }, (line) => {
    const rig = openBusyBox()
    expect(expectNoEffects(rig, makeWrongFields(line))).toBeGreaterThanOrEqual(10)
    expectListening(rig)
  })

  it.each([wake, ack, identity, bright])('$type, damaged at each place', { timeout: 60_000 }, (line) => {
    const rig = openBusyBox()
    const groups = makeDamagedLines(line).map(({ fault, texts }) => ({
      fault,
      // What is left may be a good line by itself: `W` of two glued ones, and it may say what it likes.
      texts: texts.filter((text) => text.split('\n').every((piece) => readLine(piece) === null)),
    }))
    expect(expectNoEffects(rig, groups)).toBeGreaterThanOrEqual(100)
    expectListening(rig)
  })

  it('every line of the box, as an echo would bring it', () => {
    const rows = golden.split('\n').map((row) => row.split('\t'))
    const texts = rows.flatMap(([from, line, verdict]) => (from === 'box' && verdict === 'ok' ? [`${line}\n`] : []))
    expect(texts.length).toBeGreaterThan(10)
    const rig = openBusyBox()
    expect(expectNoEffects(rig, [{ fault: 'echo', texts }])).toBe(texts.length)
    expectListening(rig)
  })

  it('every refused line of the golden vectors, from either end', { timeout: 60_000 }, () => {
    const decoded = (text: string) =>
      text.replace(/\\x([0-9A-F]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
    const texts = golden.split('\n').flatMap((row) => {
      const [from, line = '', verdict] = row.split('\t')
      return (from === 'box' || from === 'host') && verdict !== 'ok' && line !== '' ? [`${decoded(line)}\n`] : []
    })
    expect(texts.length).toBeGreaterThan(300)
    const rig = openBusyBox()
    // A few rows of the box's side are lines that the host may well say.
    const wrong = texts.filter((text) => readLine(text.trimEnd())?.from !== 'host')
    expectNoEffects(rig, [{ fault: 'golden', texts: wrong }])
    expectListening(rig)
  })
})

describe('a well-formed line that does not apply is ignored and not bad (PROTOCOL.md §8.7)', () => {
  const groups: WrongLines[] = [
    { fault: 'ack of another box', texts: ['3f9c02d8', '00000001', 'fffffffe'].map((box) => framed(`A,${box},2,0`)) },
    { fault: 'stale ack', texts: [framed(`A,${rigBoxId},1,0`), framed(`A,${rigBoxId},1,2`)] },
    {
      fault: 'ack of a sequence not sent, not committed, far away',
      texts: [3, 4, 1000, 4294967294].flatMap((seq) =>
        [0, 2].map((status) => framed(`A,${rigBoxId},${seq},${status}`)),
      ),
    },
    { fault: 'another identity', texts: [framed('S,12345678'), framed(`S,${rigBoxId}`)] },
    { fault: 'the mode in force', texts: [framed('L,2')] },
    { fault: 'empty lines', texts: ['\n', '\n\n\n'] },
  ]

  it('with presses waiting', () => {
    const rig = openBusyBox()
    for (const { fault, texts } of groups) expect(expectNoEffect(rig, fault, texts, 0), fault).toBe(0)
    expectListening(rig)
  })

  it('an ack left over from the boot before, also of what was sent in it', () => {
    const rig = openBusyBox()
    rig.ack(2)
    rig.box.advance(200)
    rig.reboot()
    rig.tap(4)
    // Press 3 is in flight again, 4 not sent in this boot.
    for (const sequence of [1, 2, 4]) rig.ack(sequence)
    expect(rig.nextHello()).toMatchObject({ bootNumber: 2, pending: 2, nextSequence: 5, bad: 0 })
    rig.ack(3)
    expect(rig.nextHello()).toMatchObject({ pending: 1, bad: 0 })
  })
})

describe('a box without an identity', () => {
  it('takes none that is wrong, and counts', { timeout: 60_000 }, () => {
    const rig = openImageRig(hex, makeEeprom({ boxId: '' }))
    const groups = [...makeWrongFields(identity), ...makeDamagedLines(identity)]
    const texts = groups.flatMap((group) => group.texts).filter((text) => countBad([text]) > 0)
    const wrong = texts.filter((text) => text.split('\n').every((piece) => readLine(piece) === null))
    expect(wrong.length).toBeGreaterThan(150)
    sayAll(rig, wrong)
    rig.say(`A,${rigBoxId},1,0`)
    rig.say('L,1')
    rig.box.advance(1100)
    expect(new Set(rig.lines.map(({ text }) => text))).toEqual(new Set(['N*48FA']))
    rig.say('S,0badf00d')
    rig.box.advance(60)
    expect(rig.nextHello()).toMatchObject({ boxId: '0badf00d', bad: countBad(wrong) })
  })
})
