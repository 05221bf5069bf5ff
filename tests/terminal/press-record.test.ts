import { describe, expect, it } from 'vitest'
import { makeBoxPressRecord, makeTouchPressRecord, valueOfButton } from '../../src/terminal/press-record.ts'
import { boot, box } from './outbox/open-outbox.ts'

const context = { boot, clock: { wallMs: () => 1_700_000_100_000, monoMs: () => 100_000 } }
const asked = { question: 'service', revision: 4, scaleMax: 3 }
const flags = { stuck: false, chord: false }

describe('a button', () => {
  it('is the value of the face on it: very happy is the best of any scale', () => {
    const values = (scaleMax: number) => ([1, 2, 3, 4] as const).map((button) => valueOfButton(button, scaleMax))
    expect(values(3)).toEqual([3, 2, 1, 0])
    expect(values(4)).toEqual([4, 3, 1, 0])
    expect(values(10)).toEqual([10, 7, 3, 0])
  })
})

describe('the record of a press of the box', () => {
  it('carries what was asked, and the wall clock as it was at the press', () => {
    const press = {
      boxId: box,
      sequence: 9,
      button: 2,
      monoMs: 99_400,
      spreadMs: 30,
      flags: { stuck: true, chord: true },
    } as const
    expect(makeBoxPressRecord(press, asked, context)).toEqual({
      ...{ kind: 'press', boot, monoMs: 99_400, wallMs: 1_700_000_099_400, spreadMs: 30, flags: 3 },
      ...{ question: 'service', surveyRevision: 4, value: 2, source: 'box', box, boxSeq: 9 },
    })
  })

  it('that is older than the boot begins with it, its spread reaching back as far as before', () => {
    const press = { boxId: box, sequence: 9, button: 2, monoMs: -5_000, flags } as const
    expect(makeBoxPressRecord({ ...press, spreadMs: 200 }, asked, context)).toMatchObject({
      ...{ monoMs: 0, spreadMs: 5_200, wallMs: 1_700_000_000_000 },
    })
    expect(makeBoxPressRecord({ ...press, spreadMs: null }, asked, context)).toMatchObject({
      monoMs: 0,
      spreadMs: null,
    })
  })
})

describe('the record of a touch press', () => {
  const press = { id: '0123456789abcdef', question: 'food', surveyRevision: 2, value: 1 }

  it('lies as far back as the page says', () => {
    expect(makeTouchPressRecord({ ...press, ageMs: 40_000 }, context)).toEqual({
      ...{ kind: 'press', boot, monoMs: 60_000, wallMs: 1_700_000_060_000, spreadMs: 0, flags: 0 },
      ...{ question: 'food', surveyRevision: 2, value: 1, source: 'touch', touchId: press.id },
    })
  })

  it('that waited since before the boot begins with it', () => {
    expect(makeTouchPressRecord({ ...press, ageMs: 160_000 }, context)).toMatchObject({ monoMs: 0, spreadMs: 60_000 })
  })
})
