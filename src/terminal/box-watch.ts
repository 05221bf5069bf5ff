import type { Static } from 'typebox'
import type { BoxPress } from '../../firmware-bridge/serial/answer-press.ts'
import type { BoxHello } from '../../firmware-bridge/serial/box-record.ts'
import type { BoxState } from '../contracts/messages.ts'

/** What health says about the box. */
export type BoxWatch = {
  /** @returns whether it is worth a health report: another box, a reboot, another firmware, presses refused */
  noteHello(hello: BoxHello): boolean
  /** @returns whether a button got stuck or came free */
  notePress(press: BoxPress): boolean
  state(): Static<typeof BoxState> | null
  firmware(): string | null
  stuckButtons(): number[]
}

export function makeBoxWatch(): BoxWatch {
  const stuck = new Set<number>()
  let last: BoxHello | null = null

  return {
    noteHello(hello) {
      const isNews = hello.change !== 'none' || hello.dropped !== last?.dropped || hello.firmware !== last.firmware
      last = hello
      // A box that restarts has forgotten which buttons it had masked.
      if (hello.change !== 'none') stuck.clear()
      return isNews
    },
    notePress({ button, flags }) {
      if (flags.stuck === stuck.has(button)) return false
      if (flags.stuck) stuck.add(button)
      else stuck.delete(button)
      return true
    },
    state() {
      if (!last) return null
      const { boxId: id, nextSequence: next, pending, dropped, bootNumber: boot, bad } = last
      return { id, next, pending, dropped, boot, bad }
    },
    firmware: () => last?.firmware ?? null,
    stuckButtons: () => [...stuck].sort((a, b) => a - b),
  }
}
