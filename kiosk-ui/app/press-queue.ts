/**
 * Presses on their way from the glass to the daemon. In comes each press as it happens; out it goes by `send`, one at a
 * time and in order, again and again with the same id until the daemon says that it is stored. Nothing is dropped
 * silently: what can't be kept or is refused for good is counted and told.
 */
import type { TouchPress } from '../../src/contracts/http/kiosk.ts'

type NewPress = Omit<TouchPress, 'ageMs'>
/** `later` is worth another try (no answer, daemon busy); `refused` never will be. */
export type SendResult = 'stored' | 'later' | 'refused'
export type QueueState = {
  /** Presses not stored yet. */
  waiting: number
  /** Whether the last try failed. */
  isStuck: boolean
  /** Whether further presses are turned away. */
  isFull: boolean
  /** Presses that were turned away because the queue was full, or refused by the daemon. */
  lost: number
}

export type PressQueueOptions = {
  send: (press: TouchPress) => Promise<SendResult>
  /** Monotonic milliseconds: the wall clock of a Pi may jump while a press waits. */
  now: () => number
  /** Runs a function after some milliseconds. */
  schedule: (run: () => void, delayMs: number) => void
  onChange: (state: QueueState) => void
  maxWaiting?: number
}

const firstDelayMs = 250
const longestDelayMs = 5_000
/** Bound of `ageMs` in the contract: a week. */
const longestAgeMs = 604_800_000

export type PressQueue = {
  /** @returns false when the queue is full and the press was turned away */
  add: (press: NewPress) => boolean
}

export function makePressQueue({ send, now, schedule, onChange, maxWaiting = 1_000 }: PressQueueOptions): PressQueue {
  const waiting: { press: NewPress; pressedAtMs: number }[] = []
  let isSending = false
  let failures = 0
  let lost = 0
  const tell = () =>
    onChange({ waiting: waiting.length, isStuck: failures > 0, isFull: waiting.length >= maxWaiting, lost })

  const settle = (result: SendResult) => {
    isSending = false
    if (result === 'later') {
      failures += 1
      tell()
      schedule(sendNext, Math.min(firstDelayMs * 2 ** (failures - 1), longestDelayMs))
      return
    }
    failures = 0
    waiting.shift()
    if (result === 'refused') lost += 1
    tell()
    sendNext()
  }
  const sendNext = () => {
    const first = waiting[0]
    if (isSending || !first) return
    isSending = true
    const ageMs = Math.min(Math.max(Math.round(now() - first.pressedAtMs), 0), longestAgeMs)
    send({ ...first.press, ageMs }).then(settle, () => settle('later'))
  }

  return {
    add(press) {
      if (waiting.length >= maxWaiting) {
        lost += 1
        tell()
        return false
      }
      waiting.push({ press, pressedAtMs: now() })
      tell()
      if (failures === 0) sendNext()
      return true
    },
  }
}
