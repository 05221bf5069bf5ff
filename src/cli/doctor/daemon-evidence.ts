import type { HelloLine } from '../../../firmware-bridge/line/box-line.ts'
import { refusalReasons, resetCauses } from '../../../firmware-bridge/line/box-line.ts'
import {
  type BadLines,
  countBad,
  type LineEvidence,
  lineSpeedBaud,
} from '../../../firmware-bridge/serial/diagnose-line.ts'
import type { LineState } from '../../contracts/http/kiosk.ts'

/** More in an hour than a shop's cleaner causes by pulling the plug. */
const manyRestartsPerHour = 1
const manyRestarts = 3

/**
 * What two looks at a daemon's line tell: what happens between them is how the line is now, the counters since the
 * daemon's start are how it has been.
 */
export function readDaemonEvidence(before: LineState, after: LineState): LineEvidence {
  const isSameRun = after.watchedMs >= before.watchedMs
  const total = (name: string) => after.counters[name] ?? 0
  const rise = (name: string) => Math.max(0, total(name) - (isSameRun ? (before.counters[name] ?? 0) : 0))
  const betweenMs = isSameRun ? after.watchedMs - before.watchedMs : after.watchedMs
  const badNow = readBadLines(rise)
  const isAliveNow = rise('hello') > 0
  // A short look shows a cable that is bad now; the long one also shows what comes and goes.
  const [count, watchedMs] = countBad(badNow) > 0 ? [rise, betweenMs] : [total, after.watchedMs]
  return {
    ...{ speedBaud: lineSpeedBaud, watchedMs, speaker: null, stuckButtons: after.stuckButtons },
    // The daemon counts bytes only where they are too many for any line.
    bytes: rise('bytes-flooded') || null,
    goodLines: isAliveNow || rise('no-identity') > 0 ? countGood(count) : 0,
    badLines: isAliveNow ? readBadLines(count) : badNow,
    firstHello: isAliveNow ? readHello(before) : null,
    lastHello: isAliveNow ? readHello(after) : null,
    noIdentityLines: isAliveNow ? 0 : rise('no-identity'),
    restarts: countRestarts(rise('box-reboot'), total('box-reboot'), after.watchedMs),
    hearing: judgeHearing(before, after, rise),
  }
}

type Count = (name: string) => number

const readBadLines = (count: Count): BadLines =>
  Object.fromEntries(refusalReasons.map((reason) => [reason, count(`line-${reason}`)]))

function countGood(count: Count): number {
  const names = ['hello', 'no-identity', 'press-stored', 'press-not-stored', 'press-early', 'press-foreign']
  return names.reduce((sum, name) => sum + count(name), 0)
}

function readHello({ lastHello }: LineState): HelloLine | null {
  if (!lastHello) return null
  const { box, boot, cause, next, pending, dropped, bad, boxNowMs, firmware } = lastHello
  return {
    ...{ type: 'hello', boxId: box, bootNumber: boot, nextSequence: next, pending, dropped, bad, boxNowMs, firmware },
    resetCause: resetCauses.find((name) => name === cause) ?? 'unknown',
  }
}

function countRestarts(now: number, total: number, watchedMs: number): number {
  if (now > 0) return now
  return total >= manyRestarts && total > (manyRestartsPerHour * watchedMs) / 3_600_000 ? total : 0
}

/** A box that hears its acks stops repeating; one that hears its identity stops asking for it. */
function judgeHearing(before: LineState, after: LineState, rise: Count): LineEvidence['hearing'] {
  const [first, last] = [before.lastHello, after.lastHello]
  const isRepeating = rise('press-repeated') > 0 && rise('press-repeated') === rise('press-stored')
  const isAsking = rise('no-identity') > 2 && (after.counters['identity-sent'] ?? 0) > 0
  if (first && last && isRepeating && first.pending > 0 && last.pending >= first.pending)
    return last.bad > first.bad ? 'damaged' : 'nothing'
  return isAsking && rise('hello') === 0 ? 'nothing' : 'unknown'
}
