import { describe, expect, it } from 'vitest'
import { makePressQueue, type QueueState, type SendResult } from '../../kiosk-ui/app/press-queue.ts'
import type { TouchPress } from '../../src/contracts/http/kiosk.ts'

const press = (id: string) => ({ id, question: 'visit', surveyRevision: 1, value: 3 })

/** A queue whose daemon answers when told to, and whose clock and timers are moved by hand. */
function openHarness(maxWaiting = 10) {
  const sent: TouchPress[] = []
  const answers: ((result: SendResult | 'broken') => void)[] = []
  const timers: { run: () => void; delayMs: number }[] = []
  const states: QueueState[] = []
  let now = 0
  const queue = makePressQueue({
    send: (body) => {
      sent.push(body)
      return new Promise((resolve, reject) => {
        answers.push((result) => (result === 'broken' ? reject(new Error('no answer')) : resolve(result)))
      })
    },
    now: () => now,
    schedule: (run, delayMs) => timers.push({ run, delayMs }),
    onChange: (state) => states.push(state),
    maxWaiting,
  })
  return {
    queue,
    sent,
    timers,
    state: () => states.at(-1),
    pass: (ms: number) => {
      now += ms
    },
    async answer(result: SendResult | 'broken') {
      answers.shift()?.(result)
      await new Promise((resolve) => setImmediate(resolve))
    },
    wake: () => timers.shift()?.run(),
  }
}

describe('makePressQueue', () => {
  it('sends one press at a time, in order, until all are stored', async () => {
    const { queue, sent, state, answer } = openHarness()
    for (const id of ['a', 'b', 'c']) queue.add(press(id))
    expect(sent.map(({ id }) => id)).toEqual(['a'])
    await answer('stored')
    await answer('stored')
    expect(sent.map(({ id }) => id)).toEqual(['a', 'b', 'c'])
    expect(state()).toEqual({ waiting: 1, isStuck: false, isFull: false, lost: 0 })
    await answer('stored')
    expect(state()).toEqual({ waiting: 0, isStuck: false, isFull: false, lost: 0 })
  })

  it('repeats the same press with its age until it is stored, waiting longer each time', async () => {
    const { queue, sent, state, answer, pass, timers, wake } = openHarness()
    queue.add(press('a'))
    const delays: number[] = []
    for (const failure of ['later', 'broken', 'later', 'later', 'later', 'later', 'later'] as const) {
      await answer(failure)
      delays.push(timers[0]?.delayMs ?? 0)
      pass(1_000)
      wake()
    }
    expect(delays).toEqual([250, 500, 1_000, 2_000, 4_000, 5_000, 5_000])
    expect(sent.map(({ id, ageMs }) => `${id} ${ageMs}`)).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((s) => `a ${s * 1_000}`))
    expect(state()).toEqual({ waiting: 1, isStuck: true, isFull: false, lost: 0 })
    await answer('stored')
    expect(state()).toEqual({ waiting: 0, isStuck: false, isFull: false, lost: 0 })
  })

  it('does not hammer a silent daemon with the presses that come meanwhile', async () => {
    const { queue, sent, answer, wake } = openHarness()
    queue.add(press('a'))
    await answer('later')
    for (const id of ['b', 'c', 'd']) queue.add(press(id))
    expect(sent).toHaveLength(1)
    wake()
    expect(sent.map(({ id }) => id)).toEqual(['a', 'a'])
  })

  it('passes a press that is refused for good, and counts it', async () => {
    const { queue, sent, state, answer } = openHarness()
    queue.add(press('a'))
    queue.add(press('b'))
    await answer('refused')
    expect(sent.map(({ id }) => id)).toEqual(['a', 'b'])
    expect(state()?.lost).toBe(1)
  })

  it('is bounded, and says what it turned away', async () => {
    const { queue, state, answer } = openHarness(2)
    expect(['a', 'b', 'c'].map((id) => queue.add(press(id)))).toEqual([true, true, false])
    expect(state()).toEqual({ waiting: 2, isStuck: false, isFull: true, lost: 1 })
    await answer('stored')
    expect(queue.add(press('d'))).toBe(true)
  })

  it("keeps an age within the contract's week", async () => {
    const { queue, sent, answer, pass, wake } = openHarness()
    queue.add(press('a'))
    await answer('later')
    pass(9e9)
    wake()
    expect(sent.at(-1)?.ageMs).toBe(604_800_000)
  })
})
