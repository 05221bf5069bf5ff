import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatBatch } from '../../src/contracts/format-batch.ts'
import { parseBatch } from '../../src/contracts/parse-batch.ts'
import type { TerminalRecord } from '../../src/contracts/records.ts'
import { epoch, hashText, someRecords } from '../support/record-arbitraries.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const press = (sequence: number): TerminalRecord => ({
  kind: 'press',
  sequence,
  boot: '8d6f0a52-7c1e-4e0b-9a3d-111111111111',
  monoMs: 1_000 * sequence,
  wallMs: 1_700_000_000_000 + 1_000 * sequence,
  question: 'service',
  surveyRevision: 1,
  value: 3,
  source: 'box',
  box: 'c0ffee01',
  boxSeq: 40 + sequence,
  spreadMs: 0,
  flags: 0,
})
const threePresses = { epoch: '0123456789abcdef', first: 1, records: [press(1), press(2), press(3)] }

/** Writes a changed message with the hash that belongs to it. */
function reformat(change: (message: Record<string, unknown>) => void, from = threePresses): Uint8Array {
  const message = JSON.parse(formatBatch(from, hashText))
  delete message.hash
  change(message)
  const body = JSON.stringify(message).slice(0, -1)
  return bytes(`${body},"hash":"${hashText(body)}"}`)
}

describe('a batch', () => {
  it('reads back as it was written', () => {
    fc.assert(
      fc.property(epoch, someRecords, (name, { first, records }) => {
        const lost = [{ epoch: name, from: 1, to: first, cause: 'trimmed' as const }]
        const parsed = parseBatch(bytes(formatBatch({ epoch: name, first, records, lost }, hashText)), hashText)
        expect(parsed).toEqual({ ok: true, batch: { epoch: name, first, records, lost } })
      }),
    )
  })

  it('is written in these bytes', () => {
    expect(formatBatch(threePresses, hashText)).toBe(
      '{"epoch":"0123456789abcdef","first":1,"count":3,"kinds":[["press",3]],' +
        '"boots":[["8d6f0a52-7c1e-4e0b-9a3d-111111111111",3]],"mono":[1000,1000,1000],"wall":[1700000000000,0,0],' +
        '"press":{"values":[3,3,3],"surveys":[["service",1,3]],"sources":[["box",3]],"boxes":[["c0ffee01",41,3]],' +
        '"touchIds":[],"spreads":[[0,3]],"flags":[[0,3]]},"hash":"a32dfd20fba57e58"}',
    )
  })

  it('takes about a dozen bytes a press', () => {
    const records = Array.from({ length: 200 }, (_, i) => press(i + 1))
    expect(formatBatch({ ...threePresses, records }, hashText).length / 200).toBeLessThan(13)
  })

  it('never throws on arbitrary bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (payload) => {
        expect(parseBatch(payload, hashText).ok).toBe(false)
      }),
    )
  })

  it('never throws on arbitrary JSON', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(parseBatch(bytes(json), hashText).ok).toBe(false)
      }),
    )
  })

  it('never throws when one member is replaced by anything', () => {
    const members = [
      'epoch',
      'first',
      'count',
      'kinds',
      'boots',
      'mono',
      'wall',
      'press',
      'lost',
      'anchors',
      'alive',
      'answers',
    ]
    fc.assert(
      fc.property(fc.constantFrom(...members), fc.jsonValue(), (member, value) => {
        const parsed = parseBatch(
          reformat((message) => {
            message[member] = value
          }),
          hashText,
        )
        expect(typeof parsed.ok).toBe('boolean')
      }),
    )
  })

  it.each([
    ['a run that claims more records than the batch has', (m: Record<string, unknown>) => (m.kinds = [['press', 200]])],
    ['fewer values than presses', (m: Record<string, unknown>) => ((m.press as { values: number[] }).values = [3])],
    ['a column without its records', (m: Record<string, unknown>) => (m.alive = [1])],
    ['a negative monotonic time', (m: Record<string, unknown>) => (m.mono = [-5, 1, 1])],
    ['too many differences', (m: Record<string, unknown>) => (m.wall = [0, 0, 0, 0])],
  ])('refuses %s', (_, change) => {
    expect(parseBatch(reformat(change), hashText)).toMatchObject({ ok: false, reason: 'bad-columns' })
  })

  it.each([
    ['an unknown kind', (m: Record<string, unknown>) => (m.kinds = [['smile', 3]])],
    ['more than 200 records', (m: Record<string, unknown>) => (m.count = 201)],
    ['a sequence of 0', (m: Record<string, unknown>) => (m.first = 0)],
    ['an epoch in capitals', (m: Record<string, unknown>) => (m.epoch = '0123456789ABCDEF')],
  ])('refuses %s', (_, change) => {
    expect(parseBatch(reformat(change), hashText)).toMatchObject({ ok: false, reason: 'bad-shape' })
  })

  it('refuses content that is not what was hashed', () => {
    const text = formatBatch(threePresses, hashText).replace('"values":[3,3,3]', '"values":[0,3,3]')
    expect(parseBatch(bytes(text), hashText)).toMatchObject({ ok: false, reason: 'bad-hash', only: null })
  })

  it('refuses a payload past 32 KiB unread', () => {
    expect(parseBatch(new Uint8Array(32 * 1024 + 1).fill(32), hashText)).toMatchObject({
      ok: false,
      reason: 'too-large',
    })
  })

  it('names the record when an unreadable batch carries one alone', () => {
    const one = { ...threePresses, first: 7, records: [press(7)] }
    const parsed = parseBatch(
      reformat((message) => {
        message.kinds = [['smile', 1]]
      }, one),
      hashText,
    )
    expect(parsed).toMatchObject({ ok: false, only: { epoch: '0123456789abcdef', sequence: 7 } })
  })

  it('names no record for a fault that came on the way', () => {
    const text = formatBatch({ ...threePresses, first: 7, records: [press(7)] }, hashText).replace('"kinds"', '"kindz"')
    expect(parseBatch(bytes(text), hashText)).toMatchObject({ ok: false, reason: 'bad-hash', only: null })
  })

  it('accepts members it does not know', () => {
    expect(
      parseBatch(
        reformat((message) => {
          message.later = true
        }),
        hashText,
      ).ok,
    ).toBe(true)
  })
})
