import type { BoxLine, HelloLine, PressLine } from '../line/box-line.ts'
import { parseBoxLine } from '../line/parse-line.ts'
import { type BadLines, countBad, type LineEvidence, lineSpeedBaud } from './diagnose-line.ts'
import { type HeardChunk, recogniseSpeaker } from './diagnose-speaker.ts'
import { makeLineSplitter } from './line-splitter.ts'

export type LineObserver = {
  /** @param atMs monotonic, for the rhythm of what comes */
  push(bytes: Uint8Array, atMs: number): void
  /** To be called when a `W` has been written. */
  noteGreeting(): void
  /** A box has just spoken that was greeted too little to know whether it hears. */
  wantsGreeting(): boolean
  /** A box speaks on a good line and has not had the time to show whether it hears. */
  isUndecided(): boolean
  evidence(watchedMs: number): LineEvidence
}

/** Enough to see who speaks; whatever babbles on is only counted. */
const keptBytes = 16 * 1024
/** Unanswered `W`s after which a box counts as deaf. */
const enoughGreetings = 3
/** A heartbeat that comes earlier after the last one is the answer to a `W` (PROTOCOL.md §6, §9.2). */
const soonMs = 800
/** A port that is opened may reset the board (DTR), once. */
const ownResetMs = 2500

/**
 * Notes what is heard on a line, in bounded memory: bytes in, evidence out.
 *
 * @param startedAtMs when the port was opened
 * @param speedBaud at which speed
 */
export function makeLineObserver(startedAtMs: number, speedBaud = lineSpeedBaud): LineObserver {
  const badLines: BadLines = {}
  const kept: HeardChunk[] = []
  const stuck = new Set<number>()
  let [bytes, keptLength, goodLines, noIdentityLines, restarts, nowMs] = [0, 0, 0, 0, 0, startedAtMs]
  let [firstHello, lastHello]: [HelloLine | null, HelloLine | null] = [null, null]
  let lastBeatAtMs: number | null = null
  let unanswered = 0
  let isGreetingOut = false
  let isHeard = false
  let wantsGreeting = false
  const splitter = makeLineSplitter({ onLine, onTooLong: () => countBadLine('too-long') })

  const countBadLine = (reason: keyof BadLines) => {
    badLines[reason] = (badLines[reason] ?? 0) + 1
  }

  function onLine(text: string): void {
    const parsed = parseBoxLine(text)
    if (parsed.ok) takeLine(parsed.line)
    else countBadLine(parsed.reason)
  }

  function takeLine(line: BoxLine): void {
    goodLines++
    if (line.type === 'press') takePress(line)
    else if (line.type === 'hello') takeHello(line)
    else takeNoIdentity()
  }

  /** The notice is no press: the button has been down for 10 s (PROTOCOL.md §13). */
  function takePress({ button, flags }: PressLine): void {
    if (flags.stuck) stuck.add(button)
  }

  function takeHello(line: HelloLine): void {
    const isNewBoot = lastHello !== null && lastHello.bootNumber !== line.bootNumber
    const isOurDoing = line.resetCause === 'reset-pin' && nowMs - startedAtMs < ownResetMs && restarts === 0
    if (isNewBoot && !isOurDoing) restarts++
    if (isNewBoot) isGreetingOut = false
    firstHello ??= line
    // Judged by the box's own clock where it tells it: what comes through a USB chip comes in lumps.
    noteBeat(lastHello ? line.boxNowMs - lastHello.boxNowMs : sinceLastBeatMs())
    lastHello = line
  }

  function takeNoIdentity(): void {
    noIdentityLines++
    noteBeat(sinceLastBeatMs())
  }

  const sinceLastBeatMs = () => nowMs - (lastBeatAtMs ?? Number.NEGATIVE_INFINITY)

  function noteBeat(sinceMs: number): void {
    if (isGreetingOut && sinceMs < soonMs) isHeard = true
    else if (isGreetingOut) unanswered++
    isGreetingOut = false
    lastBeatAtMs = nowMs
    wantsGreeting = !isHeard && unanswered < enoughGreetings
  }

  function judgeHearing(): LineEvidence['hearing'] {
    if (isHeard) return 'well'
    // Where lines get lost on the way here, the answer may be one of them.
    if (unanswered < enoughGreetings - 1 || countBad(badLines) >= unanswered) return 'unknown'
    return firstHello && lastHello && lastHello.bad > firstHello.bad ? 'damaged' : 'nothing'
  }

  return {
    push(chunk, atMs) {
      nowMs = atMs
      bytes += chunk.length
      if (keptLength < keptBytes) {
        const piece = chunk.slice(0, keptBytes - keptLength)
        kept.push({ bytes: piece, atMs })
        keptLength += piece.length
      }
      splitter.push(chunk)
    },
    noteGreeting() {
      isGreetingOut = true
      wantsGreeting = false
    },
    wantsGreeting: () => wantsGreeting,
    isUndecided: () =>
      lastBeatAtMs !== null && !isHeard && unanswered < enoughGreetings - 1 && countBad(badLines) === 0,
    evidence: (watchedMs) => ({
      ...{ watchedMs, bytes, goodLines, badLines: { ...badLines }, firstHello, lastHello, noIdentityLines, restarts },
      ...{ hearing: judgeHearing(), stuckButtons: [...stuck].sort() },
      speedBaud,
      speaker: goodLines > 0 ? null : recogniseSpeaker(kept),
    }),
  }
}
