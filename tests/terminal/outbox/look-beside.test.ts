/** What doctor may do to the daemon whose outbox it reads: nothing. */
import { truncateSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { lookBeside } from '../../../src/terminal/outbox/look-beside.ts'
import { boxPress, makeFolder, openTestOutbox } from './open-outbox.ts'

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
