/** What doctor may do to the daemon whose outbox it reads: nothing. */
import { truncateSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { lookBeside } from '../../../src/terminal/outbox/look-beside.ts'
import { boot, boxPress, makeFolder, openTestOutbox, tick, touchPress } from './open-outbox.ts'

it('holds nothing between two questions, so that the daemon can write its WAL back', () => {
  const path = join(makeFolder(), 'outbox.sqlite')
  const outbox = openTestOutbox(path)
  outbox.append(boxPress(1))
  lookBeside(path, (look) => {
    expect(look.findDamage()).toBe(null)
    expect(look.account().records).toMatchObject({ held: 1, waiting: 1 })
    outbox.append(boxPress(2))
    outbox.flush()
    expect(outbox.sizes().walBytes).toBe(0)
    expect(look.account().records).toMatchObject({ held: 2, waiting: 2 })
  })
})

it('takes no file into memory that is larger than the daemon itself would check', () => {
  const path = join(makeFolder(), 'outbox.sqlite')
  const outbox = openTestOutbox(path)
  outbox.append(boxPress(1))
  outbox.close()
  expect(lookBeside(path, ({ isChecked }) => isChecked)).toBe(true)
  // A hole without blocks on the disk; how many pages a database has its header says.
  truncateSync(path, 2 ** 31 + 4096)
  lookBeside(path, (look) => {
    expect([look.isChecked, look.findDamage()]).toEqual([false, null])
    expect(look.account().records).toMatchObject({ held: 1, waiting: 1 })
  })
})

it('names the newest hundred holes of a box and counts all, whatever else lies between its presses', () => {
  const path = join(makeFolder(), 'outbox.sqlite')
  const first = openTestOutbox(path)
  for (let seq = 1; seq <= 601; seq += 3) first.append(boxPress(seq))
  first.confirm({ epoch: first.epoch(), upTo: 51 })
  first.close()
  const outbox = openTestOutbox(path)
  outbox.append(tick(9_000))
  outbox.append(touchPress('0123456789abcdef'))
  const answer = { kind: 'answer', boot, monoMs: 9_500, wallMs: 1, touchId: '0123456789abcdef' } as const
  outbox.append({ ...answer, followUp: 'why', option: 1 })
  outbox.confirm({ epoch: outbox.epoch(), upTo: 2 })
  lookBeside(path, (look) => {
    const { boxes, touch, records, oldestWaitingAtMs } = look.account()
    expect(boxes).toMatchObject([{ first: 1, last: 601, acknowledged: 51, waiting: 150, missing: 400 }])
    const ranges = Array.from({ length: 100 }, (_, i) => ({ from: 302 + 3 * i, to: 303 + 3 * i }))
    expect(boxes[0]?.ranges).toEqual(ranges)
    expect(touch).toEqual({ issued: 1, acknowledged: 1, waiting: 0, missing: 0 })
    expect(records).toEqual({ held: 204, waiting: 151, missing: 0, rejected: 0 })
    expect(oldestWaitingAtMs).toBe(1_700_000_000_000 + 154 * 1_000)
  })
})
