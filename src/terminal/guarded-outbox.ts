import { type Outbox, type OutboxOptions, openOutbox } from './outbox/outbox.ts'

/**
 * An outbox that may be closed under those who use it. Once closed it says full: a stop that ran into its deadline must not end in a
 * crash, and the box keeps what is not acknowledged.
 *
 * @throws AppError `database-failed`, `database-too-new`
 */
export function openGuardedOutbox(options: OutboxOptions): { outbox: Outbox; close: () => void } {
  const outbox = openOutbox(options)
  let isOpen = true
  return {
    outbox: {
      ...outbox,
      append: (record) => (isOpen ? outbox.append(record) : 'full'),
      appendBoxPress: (record) => (isOpen ? outbox.appendBoxPress(record) : 'full'),
      saveReused: (box, range) => (isOpen ? outbox.saveReused(box, range) : 'full'),
      saveBoxId: (box) => (isOpen ? outbox.saveBoxId(box) : 'full'),
      waiting: () => (isOpen ? outbox.waiting() : null),
      undelivered: () => (isOpen ? outbox.undelivered() : { count: 0, oldestAgeMs: null }),
    },
    close() {
      isOpen = false
      outbox.close()
    },
  }
}
