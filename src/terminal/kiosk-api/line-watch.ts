import type { BoxHello } from '../../../firmware-bridge/serial/box-record.ts'
import type { LineState } from '../../contracts/http/kiosk.ts'
import type { Clock } from '../../shared/clock.ts'

type LinkState = Exclude<LineState['state'], 'none'>

export type LineWatch = {
  /** Fits `onState` of the link. */
  noteState(state: LinkState, reason: string): void
  noteHello(hello: BoxHello): void
  read(now: Pick<LineState, 'counters' | 'stuckButtons'>): LineState
}

export type LineWatchOptions = {
  clock: Pick<Clock, 'monoMs'>
  /** null when there is none, or when it is no device of the operating system. */
  device: string | null
}

/**
 * What the link has said of itself, with when. The last trouble is kept beside the state: an attempt every few seconds
 * makes the state flicker, and its reason is what a person needs.
 */
export function makeLineWatch({ clock, device }: LineWatchOptions): LineWatch {
  const startedAtMs = clock.monoMs()
  let now: { state: LineState['state']; reason: string; atMs: number } = {
    ...{ state: 'none', reason: 'no box is configured', atMs: startedAtMs },
  }
  let trouble: { state: 'searching' | 'down'; reason: string; atMs: number } | null = null
  let hello: { told: BoxHello; atMs: number } | null = null
  const since = (atMs: number) => Math.max(0, clock.monoMs() - atMs)

  return {
    noteState(state, reason) {
      const atMs = clock.monoMs()
      now = { state, reason, atMs }
      if (state === 'searching' || state === 'down') trouble = { state, reason, atMs }
    },
    noteHello(told) {
      hello = { told, atMs: clock.monoMs() }
    },
    read: ({ counters, stuckButtons }) => ({
      ...{ device, state: now.state, reason: now.reason, inStateMs: since(now.atMs) },
      trouble: trouble && { state: trouble.state, reason: trouble.reason, agoMs: since(trouble.atMs) },
      ...{ watchedMs: since(startedAtMs), counters, stuckButtons },
      lastHello: hello && formatHello(hello.told, since(hello.atMs)),
    }),
  }
}

function formatHello(hello: BoxHello, ageMs: number): NonNullable<LineState['lastHello']> {
  const { boxId, bootNumber, resetCause, nextSequence, pending, dropped, bad, boxNowMs, firmware } = hello
  return {
    ...{ box: boxId, boot: bootNumber, cause: resetCause, next: nextSequence, pending, dropped, bad, boxNowMs },
    ...{ firmware, ageMs },
  }
}
