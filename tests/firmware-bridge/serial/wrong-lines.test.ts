import { afterEach, describe, expect, it, vi } from 'vitest'
import { refusalReasons } from '../../../firmware-bridge/line/box-line.ts'
import { formatLine } from '../../../firmware-bridge/line/format-line.ts'
import { type LinkFixture, openLinkFixture } from '../../support/link-fixture.ts'
import { helloLine, pressLine, scriptedBoxId } from '../../support/scripted-port.ts'
import { framed, goodLines, makeDamagedLines, makeWrongFields, type WrongLine } from '../../support/wrong-box-lines.ts'

/*
 * Every line of the box with every field wrong in turn, and damaged at every place, said to the host in the midst of a
 * session (PROTOCOL.md §8): nothing stored, nothing answered, counted once under the reason that §8 names.
 */

let fixture: LinkFixture
afterEach(async () => {
  await fixture.link.close()
  vi.useRealTimers()
})

async function openGreeted(): Promise<LinkFixture> {
  fixture = await openLinkFixture()
  fixture.ports.port().say('\n', helloLine())
  fixture.ports.port().forget()
  return fixture
}

/** What the counters have gained; bytes aside, of which each line has some. */
function gain(before: Record<string, number>): Record<string, number> {
  const entries = Object.entries(fixture.link.counters()).map(([name, count]) => [name, count - (before[name] ?? 0)])
  return Object.fromEntries(entries.filter(([name, count]) => count !== 0 && name !== 'bytes'))
}

async function expectRefusals(lines: readonly WrongLine[]): Promise<Set<string>> {
  const port = fixture.ports.port()
  for (const { text, reason } of lines) {
    const before = fixture.link.counters()
    port.say(`${text}\n`)
    expect({ text, gained: gain(before) }).toEqual({ text, gained: { [`line-${reason}`]: 1 } })
    expect(port.written(), text).toBe('')
    expect(fixture.presses, text).toEqual([])
    // As slowly as a line carries it. Another version has ended the session (§10.5); the next good hello begins one.
    await fixture.pass(Math.ceil(text.length / 5))
    port.say(helloLine())
    port.forget()
  }
  return new Set(lines.map(({ reason }) => reason))
}

describe('a wrong line of the box has no effect and one name', () => {
  it.each(Object.keys(goodLines))('%s, each field wrong in turn', async (type) => {
    await openGreeted()
    const lines = makeWrongFields(type)
    expect(lines.length).toBeGreaterThan(type === 'N' ? 10 : 100)
    const reasons = await expectRefusals(lines)
    expect(reasons).toContain('fields')
    expect(reasons).toContain('type')
    expect(reasons.has('version')).toBe(type === 'H')
    fixture.ports.port().say(pressLine(42))
    expect(fixture.presses).toHaveLength(1)
  })

  it.each(Object.keys(goodLines))('%s, damaged at each place', { timeout: 60_000 }, async (type) => {
    await openGreeted()
    const lines = makeDamagedLines(type)
    expect(lines.length).toBeGreaterThan(100)
    const reasons = await expectRefusals(lines)
    for (const reason of ['bytes', 'frame', 'crc', 'too-long', 'empty']) expect(reasons).toContain(reason)
    fixture.ports.port().say(pressLine(42))
    expect(fixture.presses).toHaveLength(1)
  })

  it('cut in two by a newline, each half', async () => {
    await openGreeted()
    const line = formatLine(pressLine(42))
    for (let at = 1; at < line.length - 1; at++) {
      const before = fixture.link.counters()
      fixture.ports.port().say(`${line.slice(0, at)}\n${line.slice(at)}`)
      const gained = gain(before)
      expect(
        Object.values(gained).reduce((sum, count) => sum + count, 0),
        `${at}`,
      ).toBe(2)
      expect(
        Object.keys(gained).every((name) => name.startsWith('line-')),
        `${at}`,
      ).toBe(true)
    }
    expect(fixture.presses).toEqual([])
  })

  it('of the host, come back as an echo', async () => {
    await openGreeted()
    const bodies = ['W', `A,${scriptedBoxId},41,0`, `A,${scriptedBoxId},41,2`, `S,${scriptedBoxId}`, 'L,0', 'L,2']
    await expectRefusals(bodies.map((body) => ({ text: framed(body).trimEnd(), reason: 'type' })))
  })

  it('has a name for every reason that the protocol knows', async () => {
    await openGreeted()
    const names = Object.keys(fixture.link.counters()).filter((name) => name.startsWith('line-'))
    expect(names).toEqual(refusalReasons.map((reason) => `line-${reason}`))
  })
})

describe('a well-formed line that does not apply (PROTOCOL.md §8.7)', () => {
  const press = (sequence: number, changes = {}) => pressLine(sequence, changes)
  const cases: [
    what: string,
    lines: Parameters<typeof helloLine | typeof formatLine>[0][],
    gained: object,
    stored: number[],
  ][] = [
    ['E of another box', [press(42, { boxId: '0000beef' })], { 'press-foreign': 1 }, []],
    [
      'E after an N',
      [{ type: 'no-identity' }, press(42)],
      { 'no-identity': 1, 'identity-sent': 1, 'press-early': 1 },
      [],
    ],
    ['E again', [press(42), press(42)], { 'press-stored': 2, 'press-repeated': 1 }, [42, 42]],
    ['a stale E', [press(42), press(7), press(7)], { 'press-stored': 1, 'press-stale': 2 }, [42]],
    [
      'a stale E, and again after an H',
      [press(42), press(7), helloLine({ nextSequence: 43 }), press(7)],
      { hello: 1, 'press-stored': 2, 'press-repeated': 1, 'press-stale': 1 },
      [42, 7],
    ],
    ['E beyond the next', [press(1000)], { 'press-stored': 1 }, [1000]],
    ['H of another box', [helloLine({ boxId: '0000beef' })], { hello: 1, 'box-changed': 1 }, []],
    ['H of the next boot', [helloLine({ bootNumber: 8 })], { hello: 1, 'box-reboot': 1 }, []],
    ['H of an earlier boot', [helloLine({ bootNumber: 6 })], { hello: 1, 'box-reboot': 1, 'boot-went-back': 1 }, []],
    ['H with an earlier next', [helloLine({ nextSequence: 41 })], { hello: 1, 'sequence-went-back': 1 }, []],
    ['H with more pending than pressed', [helloLine({ pending: 124 })], { hello: 1 }, []],
    [
      'H with fewer dropped in the same boot',
      [helloLine({ dropped: 2 }), helloLine()],
      { hello: 2, 'box-dropped': 2 },
      [],
    ],
    ['H that is said again', [helloLine(), helloLine()], { hello: 2 }, []],
  ] as never

  it.each(cases)('%s', async (_, lines, gained, stored) => {
    await openGreeted()
    const before = fixture.link.counters()
    fixture.ports.port().say(...(lines as Parameters<ReturnType<typeof fixture.ports.port>['say']>))
    expect(gain(before)).toEqual(gained)
    expect(fixture.presses.map(({ sequence }) => sequence)).toEqual(stored)
  })
})
