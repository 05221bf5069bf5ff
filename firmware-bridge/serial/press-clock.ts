import { ageCeilingMs } from '../line/box-line.ts'

type PressTime = {
  /** CLOCK_MONOTONIC ms of this host; negative when the press is older than the host's boot. */
  monoMs: number
  /** The press may have been up to this much earlier; null = unknown. */
  spreadMs: number | null
}

export type PressClock = {
  hello(
    hello: { boxId: string; bootNumber: number; nextSequence: number; boxNowMs: number },
    receivedAtMs: number,
  ): void
  timeOf(press: { sequence: number; ageMs: number | null }, receivedAtMs: number): PressTime
}

/** From `firstAtMs` to `lastAtMs` the box said that `nextSequence` was still to come. */
type Mark = { nextSequence: number; firstAtMs: number; lastAtMs: number }

/**
 * How fast or slow the box's clock may be: a board may have a ceramic resonator, 0.5 % as made, with as much again for temperature and
 * years (PROTOCOL.md §5.2).
 */
const boxClockTolerance = 0.01

/** The box holds 124 undelivered presses, so older marks can't be asked for. */
const maxMarks = 160

function placeByAge(ageMs: number, receivedAtMs: number): PressTime {
  const slackMs = Math.round(ageMs * boxClockTolerance)
  return { monoMs: receivedAtMs - ageMs + slackMs, spreadMs: 2 * slackMs }
}

/**
 * When presses happened, on the host's monotonic clock.
 *
 * The box counts the age of a press only within one boot. For a press that outlived a power cut the hellos tell:
 * it was committed after the last one that announced its sequence as still to come, and before the first one that
 * announced a later sequence (PROTOCOL.md §5.2); with a first hello of a boot, before that boot.
 */
export function makePressClock(): PressClock {
  let boxId = ''
  let bootNumber = 0
  let marks: Mark[] = []

  return {
    hello(hello, receivedAtMs) {
      const isNewBoot = hello.boxId !== boxId || hello.bootNumber !== bootNumber
      const last = marks.at(-1)
      if (hello.boxId !== boxId || (last && hello.nextSequence < last.nextSequence)) marks = []
      boxId = hello.boxId
      bootNumber = hello.bootNumber
      const known = marks.at(-1)
      if (known?.nextSequence === hello.nextSequence) {
        known.lastAtMs = receivedAtMs
        return
      }
      const firstAtMs = isNewBoot ? receivedAtMs - Math.floor(hello.boxNowMs * (1 - boxClockTolerance)) : receivedAtMs
      marks.push({ nextSequence: hello.nextSequence, firstAtMs, lastAtMs: receivedAtMs })
      if (marks.length > maxMarks) marks.shift()
    },

    timeOf({ sequence, ageMs }, receivedAtMs) {
      if (ageMs === ageCeilingMs) return { monoMs: receivedAtMs - ageMs, spreadMs: null }
      if (ageMs !== null) return placeByAge(ageMs, receivedAtMs)
      const before = marks.findLast(({ nextSequence }) => nextSequence <= sequence)
      const after = marks.find(({ nextSequence }) => nextSequence > sequence)
      const monoMs = after?.firstAtMs ?? receivedAtMs
      return { monoMs, spreadMs: before ? Math.max(0, monoMs - before.lastAtMs) : null }
    },
  }
}
