import type { LightMode } from '../line/box-line.ts'
import { formatLine } from '../line/format-line.ts'

const repeatEveryBeats = 10

export type LightsLine = {
  set(mode: LightMode): void
  /** The line, for whoever says it now. */
  say(): string
  /**
   * Another heartbeat of the box.
   *
   * @param bad what it says it has refused since its boot, null when it says nothing of it
   * @returns the line when it is due again, else ''
   */
  beat(bad: number | null): string
}

/**
 * The mode of the lights is not acknowledged, and a line that a cable has damaged leaves a box dark all day. So it is
 * said again at every tenth heartbeat, and at the next one after the box has refused a line (PROTOCOL.md §6).
 */
export function makeLightsLine(initial: LightMode): LightsLine {
  let mode = initial
  let beats = 0
  let badBefore = 0

  function say(): string {
    beats = 0
    return formatLine({ type: 'lights', mode })
  }

  return {
    set(next) {
      mode = next
    },
    say,
    beat(bad) {
      const hasRefused = bad !== null && bad > badBefore
      badBefore = bad ?? 0
      beats += 1
      return hasRefused || beats >= repeatEveryBeats ? say() : ''
    },
  }
}
