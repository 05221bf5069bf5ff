import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { systemClock } from '../../../src/shared/clock.ts'
import { type BatchSender, makeBatchSender } from '../../../src/terminal/uplink/batch-sender.ts'
import { makeRepetition } from '../../../src/terminal/uplink/repetition.ts'
import { usualTiming } from '../../../src/terminal/uplink/timing.ts'
import { makeUplinkCounters } from '../../../src/terminal/uplink/uplink-counters.ts'
import { boot, boxPress, openTestOutbox } from '../outbox/open-outbox.ts'
import { makeLogKeeper } from './open-uplink.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A sender on a real outbox with `count` presses; `sent` has the first sequence and the time of each batch. */
function openSender({ count = 5, chance = 0 } = {}) {
  const outbox = openTestOutbox()
  for (let i = 1; i <= count; i += 1) outbox.append(boxPress(i))
  const sent: { first: number; count: number; atMs: number }[] = []
  const beganMs = performance.now()
  const counters = makeUplinkCounters()
  const { lines, logger } = makeLogKeeper()
  const sender: BatchSender = makeBatchSender({
    ...{ custody: outbox, clock: systemClock, logger, random: () => chance, onDrained: () => {} },
    ...{ counters, timing: usualTiming },
  })
  const publish = (text: string) => {
    const { first, count: records } = JSON.parse(text)
    return sent.push({ first, count: records, atMs: Math.round(performance.now() - beganMs) }) > 0
  }
  const epoch = outbox.epoch()
  const ack = (upTo: number) => sender.takeAck({ epoch, upTo })
  const sizes = () => sent.map((one) => one.count)
  return {
    sender,
    outbox,
    counters,
    lines,
    sent,
    sizes,
    publish,
    ack,
    times: () => sent.map(({ atMs }) => atMs / 1000),
  }
}

describe('a batch without an ack', () => {
  it('is sent again after 10 s, then after twice as long each time, up to 5 min', () => {
    const { sender, publish, times } = openSender()
    sender.start(publish)
    vi.advanceTimersByTime(1_300_000)
    expect(times()).toEqual([0, 10, 30, 70, 150, 310, 610, 910, 1210])
  })

  it('waits up to half as long again by chance, but never more than 5 min', () => {
    const { sender, publish, times } = openSender({ chance: 0.999_999 })
    sender.start(publish)
    vi.advanceTimersByTime(1_300_000)
    expect(times().map(Math.round)).toEqual([0, 15, 45, 105, 225, 465, 765, 1065])
  })

  it('is the only one in flight, however often records come', () => {
    const { sender, publish, outbox, sent, ack } = openSender()
    sender.start(publish)
    for (let i = 6; i <= 20; i += 1) {
      outbox.append(boxPress(i))
      sender.wake()
    }
    expect(sent).toHaveLength(1)
    ack(5)
    ack(5)
    expect(sent.map(({ first }) => first)).toEqual([1, 6])
  })

  it('is not sent, nor anything else, once the connection is gone, and at once on the next', () => {
    const { sender, publish, outbox, times } = openSender()
    sender.start(publish)
    sender.stop()
    outbox.append(boxPress(6))
    sender.wake()
    vi.advanceTimersByTime(3_600_000)
    expect(times()).toEqual([0])
    sender.start(publish)
    expect(times()).toEqual([0, 3_600])
  })
})

describe('a batch that the central can not read', () => {
  it('is sent again at once with half as many records, down to one, and then waits', () => {
    const { sender, publish, outbox, sizes } = openSender({ count: 5 })
    sender.start(publish)
    const fault = { epoch: outbox.epoch(), expect: 1, fault: 'bad-shape' }
    for (let i = 0; i < 5; i += 1) sender.takeGap(fault)
    expect(sizes()).toEqual([5, 2, 1])
  })

  it('is no other than the one in flight', () => {
    const { sender, publish, outbox, ack, sizes } = openSender({ count: 5 })
    sender.start(publish)
    ack(2)
    sender.takeGap({ epoch: outbox.epoch(), expect: 3, fault: 'bad-shape' })
    sender.takeGap({ epoch: 'ffffffffffffffff', expect: 1, fault: 'bad-shape' })
    expect(sizes()).toEqual([5])
    // The mark stays where it was: whatever the fault names is not what the central has.
    expect(outbox.undelivered().count).toBe(3)
  })
})

describe('record after record that the central can not read', () => {
  const other = { kind: 'tick', boot, monoMs: 1, wallMs: 1 } as const

  /** A central that reads no press; each batch is answered at once, as the true one answers: a reject, then its mark. */
  function openUnread(options: Parameters<typeof openSender>[0] = {}) {
    const opened = openSender(options)
    const { sender, outbox, publish, ack } = opened
    const central: { isOld: boolean; reason: string } = { isOld: true, reason: 'bad-shape' }
    const epoch = outbox.epoch()
    const answer = (text: string) => {
      const { first, count, kinds } = JSON.parse(text)
      const isRead = !central.isOld || !JSON.stringify(kinds).includes('press')
      if (isRead) return ack(first + count - 1)
      if (count > 1) return sender.takeGap({ epoch, expect: first, fault: central.reason })
      sender.takeReject({ epoch, sequence: first }, central.reason)
      ack(first)
    }
    const put = (text: string) => publish(text) && setTimeout(answer, 0, text) !== undefined
    const singles = () => opened.sent.filter(({ count }) => count === 1).map(({ atMs }) => Math.round(atMs / 1000))
    return { ...opened, central, put, singles }
  }

  it('are given up ever more slowly from the fifth on, and it is said once what that may mean', () => {
    const { sender, put, singles, counters, lines } = openUnread({ count: 400 })
    sender.start(put)
    vi.advanceTimersByTime(1_500_000)
    expect(singles()).toEqual([0, 0, 0, 0, 0, 10, 30, 70, 150, 310, 610, 910, 1210])
    expect(counters.snapshot()).toMatchObject({ rejected: 13, 'reject-paced': 9, silence: 0 })
    expect(lines.filter(({ text }) => text.includes('is it older than the terminal?'))).toHaveLength(1)
  })

  it('wait whatever wakes the sender, also on the next connection', () => {
    const { sender, put, outbox, singles } = openUnread({ count: 100 })
    sender.start(put)
    vi.advanceTimersByTime(40_000)
    for (let i = 0; i < 20; i += 1) {
      outbox.append(boxPress(101 + i))
      sender.wake()
      sender.stop()
      sender.start(put)
      vi.advanceTimersByTime(1_000)
    }
    expect(singles()).toHaveLength(7)
  })

  it('are held back also where the central reads what stands between them', () => {
    const { sender, put, outbox, singles } = openUnread({ count: 0 })
    for (let i = 1; i <= 40; i += 1) {
      outbox.append(boxPress(i))
      outbox.append({ ...other, monoMs: i })
    }
    sender.start(put)
    vi.advanceTimersByTime(300_000)
    // Presses and ticks in turn: no faster than presses alone.
    expect(outbox.undelivered().count).toBeGreaterThan(60)
    expect(singles().length).toBeLessThan(20)
  })

  it('go at once again as soon as the central can read them', () => {
    const { sender, put, outbox, central, counters } = openUnread({ count: 400 })
    sender.start(put)
    vi.advanceTimersByTime(160_000)
    central.isOld = false
    vi.advanceTimersByTime(300_000)
    expect(outbox.undelivered().count).toBe(0)
    expect(counters.get('rejected')).toBe(9)
  })

  it('are not held back for what they say', () => {
    const { sender, put, outbox, central, counters } = openUnread({ count: 100 })
    central.reason = 'value-above-scale'
    sender.start(put)
    vi.advanceTimersByTime(1_000)
    expect([outbox.undelivered().count, counters.get('reject-paced')]).toEqual([0, 0])
  })
})

describe('a pause the central asks for', () => {
  it('holds the next batch back for just so long, whatever wakes it', () => {
    const { sender, publish, outbox, ack, times } = openSender()
    sender.start(publish)
    sender.pause(60_000)
    ack(5)
    outbox.append(boxPress(6))
    sender.wake()
    vi.advanceTimersByTime(30_000)
    sender.wake()
    // A shorter one does not shorten it, and a new connection does not end it.
    sender.pause(1_000)
    sender.stop()
    sender.start(publish)
    vi.advanceTimersByTime(29_999)
    expect(times()).toEqual([0])
    vi.advanceTimersByTime(1)
    expect(times()).toEqual([0, 60])
  })

  it('holds a repetition back as well', () => {
    const { sender, publish, times } = openSender()
    sender.start(publish)
    sender.pause(45_000)
    vi.advanceTimersByTime(64_999)
    expect(times()).toEqual([0, 45])
    vi.advanceTimersByTime(1)
    expect(times()).toEqual([0, 45, 65])
  })

  it('is never longer than an hour', () => {
    const { sender, publish, times } = openSender()
    sender.pause(Number.MAX_SAFE_INTEGER)
    sender.start(publish)
    vi.advanceTimersByTime(3_600_000)
    expect(times()).toEqual([3_600])
  })
})

describe('a hello without a welcome', () => {
  it.each([
    [0, [0, 10, 30, 70, 150, 310, 610, 910]],
    [0.999_999, [0, 15, 45, 105, 225, 465, 915]],
  ])('is repeated with doubling pauses up to 5 min and jitter (chance %d)', (chance, expected) => {
    const beganMs = performance.now()
    const at: number[] = []
    const repetition = makeRepetition(() => at.push(Math.round((performance.now() - beganMs) / 1000)), {
      ...{ firstMs: usualTiming.ackTimeoutMs, maxMs: usualTiming.maxAckTimeoutMs, random: () => chance },
    })
    repetition.start()
    vi.advanceTimersByTime(1_000_000)
    expect(at).toEqual(expected)
    repetition.stop()
    vi.advanceTimersByTime(1_000_000)
    expect(at).toEqual(expected)
  })
})
