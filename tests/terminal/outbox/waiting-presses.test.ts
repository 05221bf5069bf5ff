import { describe, expect, it } from 'vitest'
import type { Waiting } from '../../../src/contracts/messages.ts'
import { box, boxPress, openTestOutbox, tick, touchPress } from './open-outbox.ts'

describe('waiting presses', () => {
  it('are those that the central has not acknowledged, as ranges, and no other records', () => {
    const outbox = openTestOutbox()
    expect(outbox.waiting()).toEqual({ boxes: [], more: 0, touch: 0 })
    for (const record of [boxPress(1), tick(5), boxPress(2), boxPress(3), boxPress(7)]) outbox.append(record)
    outbox.append({ ...boxPress(2), box: 'b0c0ffef' })
    outbox.append(touchPress('0123456789abcdef', 0))
    expect(outbox.waiting()).toEqual({
      boxes: [
        { box, from: 1, to: 3 },
        { box, from: 7, to: 7 },
        { box: 'b0c0ffef', from: 2, to: 2 },
      ].sort((a, b) => (a.box < b.box ? -1 : a.box > b.box ? 1 : a.from - b.from)),
      more: 0,
      touch: 1,
    })
    outbox.confirm({ epoch: outbox.epoch(), upTo: 3 })
    const { boxes } = outbox.waiting() as Waiting
    expect(boxes.filter((range) => range.box === box)).toEqual([
      { box, from: 3, to: 3 },
      { box, from: 7, to: 7 },
    ])
    outbox.align({ epoch: outbox.epoch(), upTo: 0 })
    expect((outbox.waiting() as Waiting).boxes).toHaveLength(3)
  })

  it('beyond twenty ranges are a number', () => {
    const outbox = openTestOutbox()
    for (let seq = 1; seq < 50; seq += 2) outbox.append(boxPress(seq))
    expect(outbox.waiting()).toMatchObject({ more: 5, touch: 0 })
    expect((outbox.waiting() as Waiting).boxes).toHaveLength(20)
  })
})
