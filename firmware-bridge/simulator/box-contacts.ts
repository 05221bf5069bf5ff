import type { ButtonNumber } from '../line/box-line.ts'
import { makeContactEdges } from './contact-bounce.ts'
import type { Random } from './seeded-random.ts'

export type BoxContacts = {
  /** @returns when the contact will have come to rest, in ms of simulated time */
  move(button: ButtonNumber, isClosed: boolean, bounceMs: number, atMs: number): number
  /** All at once, without bounce: those listed are closed. */
  setClosed(buttons: readonly ButtonNumber[]): void
  /** Levels at PD0–PD7: a closed contact pulls its pin to ground, an open one leaves it to the pull-up. */
  levels(): number
}

export type BoxContactsOptions = {
  random: Random
  at: (ms: number, run: () => void) => void
  onLevels: (levels: number) => void
}

const firstButtonPin = 4

/** The contacts under the four buttons; they move whether the box has power or not. */
export function makeBoxContacts({ random, at, onLevels }: BoxContactsOptions): BoxContacts {
  let closed = 0
  const levels = () => ~(closed << firstButtonPin) & 0xff

  function set(button: ButtonNumber, isClosed: boolean): void {
    const mask = 1 << (button - 1)
    closed = isClosed ? closed | mask : closed & ~mask
    onLevels(levels())
  }

  return {
    levels,
    move(button, isClosed, bounceMs, atMs) {
      const edges = makeContactEdges(isClosed, bounceMs, random)
      for (const edge of edges) at(atMs + edge.afterMs, () => set(button, edge.isClosed))
      return atMs + (edges.at(-1)?.afterMs ?? 0)
    },
    setClosed(buttons) {
      closed = buttons.reduce((mask, button) => mask | (1 << (button - 1)), 0)
      onLevels(levels())
    },
  }
}
