import { expect, it } from 'vitest'
import { stopInOrder } from '../../src/shared/stop-in-order.ts'
import { silentLogger } from '../support/silent-logger.ts'

it('stops one after the other, also past one that fails', async () => {
  const stopped: string[] = []
  const note = (name: string) => ({ name, stop: async () => void stopped.push(name) })
  const failing = { name: 'b', stop: () => Promise.reject(new Error('no')) }
  await stopInOrder([note('a'), failing, note('c')], 5_000, silentLogger)
  expect(stopped).toEqual(['a', 'c'])
})

it('goes on past one that hangs, tells it to those that follow, and names it in the end', async () => {
  const stopped: unknown[] = []
  const hanging = { name: 'serial', stop: () => new Promise<void>(() => {}) }
  const outbox = { name: 'outbox', stop: (late: readonly string[]) => void stopped.push('outbox', ...late) }
  const stopping = stopInOrder([hanging, outbox], 50, silentLogger)
  await expect(stopping).rejects.toMatchObject({ code: 'stop-deadline', message: expect.stringContaining('serial') })
  expect(stopped).toEqual(['outbox', 'serial'])
})
