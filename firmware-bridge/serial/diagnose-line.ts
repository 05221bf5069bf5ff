/**
 * What is wrong with a line, from what was heard on it: evidence in, faults out, no input or output of its own.
 *
 * The evidence comes from the bytes of an opened port (`makeLineObserver`) or from the counters of the daemon that has
 * it open. A fault is a code and the facts that its sentence needs; the sentences are the caller's.
 */
import type { HelloLine, RefusalReason } from '../line/box-line.ts'
import { compareVersions } from './diagnose-firmware.ts'
import type { UnknownSpeaker } from './diagnose-speaker.ts'

export type BadLines = Partial<Record<RefusalReason, number>>

/** PROTOCOL.md §1 */
export const lineSpeedBaud = 57_600

export type LineEvidence = {
  /** At which the port listened. */
  speedBaud: number
  /** How long everything below was counted. */
  watchedMs: number
  /** null where only the daemon's counters tell. */
  bytes: number | null
  goodLines: number
  badLines: BadLines
  firstHello: HelloLine | null
  lastHello: HelloLine | null
  noIdentityLines: number
  /** Boots of the box meanwhile, but for the one that opening the port may cause (DTR). */
  restarts: number
  /** Whether the box showed that it hears the host: `damaged` when what arrives there is broken. */
  hearing: 'well' | 'damaged' | 'nothing' | 'unknown'
  stuckButtons: readonly number[]
  /** Who speaks, where not one valid line was heard. */
  speaker: UnknownSpeaker | null
}

export type LineFaultCode =
  | 'silence'
  | 'other-speaker'
  | 'wrong-speed'
  | 'nonsense'
  | 'dead-level'
  | 'unreadable'
  | 'no-heartbeat'
  | 'other-version'
  | 'no-identity'
  | 'old-firmware'
  | 'newer-firmware'
  | 'noisy-cable'
  | 'noisy-cable-to-box'
  | 'one-way-cable'
  | 'damaged-way-to-box'
  | 'box-full'
  | 'box-refused'
  | 'restarting'
  | 'brown-out'
  | 'watchdog'
  | 'stuck-button'
  | 'presses-waiting'

export type LineFault = { code: LineFaultCode; facts: Record<string, unknown> }

export type DiagnoseOptions = {
  /** Version of the image in this package; null when it is not known. */
  imageFirmware: string | null
  /** With a daemon that takes them, presses wait only for a moment. */
  isDaemonListening: boolean
}

/** The box's journal (PROTOCOL.md §14). */
const journalSlots = 124
/** Single bad lines come from plugging and switching; more than one in an hour and ten together do not. */
const fewBadLines = 10
const badLinesPerHour = 6

/**
 * @returns the faults, worst first where they hang together; none when all is well
 */
export function diagnoseLine(evidence: LineEvidence, options: DiagnoseOptions): LineFault[] {
  const { lastHello, noIdentityLines, goodLines, speedBaud } = evidence
  const isAlive = lastHello !== null || noIdentityLines > 0
  if (speedBaud !== lineSpeedBaud && goodLines > 0) return [{ code: 'wrong-speed', facts: { speedBaud } }]
  if (!isAlive) return [diagnoseStranger(evidence)]
  return [
    ...diagnoseIdentity(evidence),
    ...diagnoseCable(evidence),
    ...(lastHello ? diagnoseBox(lastHello, evidence, options) : []),
  ]
}

/** Nothing that the box must say every second (PROTOCOL.md §9.2) was heard. */
function diagnoseStranger({ bytes, goodLines, badLines, speaker, watchedMs, speedBaud }: LineEvidence): LineFault {
  if ((badLines.version ?? 0) > 0) return { code: 'other-version', facts: { lines: badLines.version } }
  const bad = countBad(badLines)
  if (goodLines > 0) return { code: 'no-heartbeat', facts: { goodLines, badLines: bad } }
  if (bytes === 0 || (bytes === null && bad === 0)) return { code: 'silence', facts: { watchedMs } }
  const facts = { bytes, badLines: bad, speedBaud, ...speaker?.facts }
  switch (speaker?.kind) {
    case 'gps':
    case 'modem':
    case 'console':
    case 'text':
    case 'host':
      return { code: 'other-speaker', facts: { speaker: speaker.kind, ...facts } }
    case 'box-damaged':
      return { code: 'unreadable', facts }
    case 'repeating':
      return { code: 'wrong-speed', facts }
    case 'level':
      return { code: 'dead-level', facts }
    default:
      return { code: 'nonsense', facts }
  }
}

function diagnoseIdentity({ lastHello }: LineEvidence): LineFault[] {
  return lastHello ? [] : [{ code: 'no-identity', facts: {} }]
}

function diagnoseCable({ goodLines, badLines, hearing, firstHello, lastHello, watchedMs }: LineEvidence): LineFault[] {
  const faults: LineFault[] = []
  const bad = countBad(badLines)
  if (isNoisy(bad, goodLines, watchedMs)) {
    const percent = Math.round((1000 * bad) / (bad + goodLines)) / 10
    faults.push({ code: 'noisy-cable', facts: { percent, badLines: bad, goodLines, reasons: dropZeros(badLines) } })
  }
  const rise = lastHello && firstHello ? countRise(firstHello, lastHello) : 0
  if (hearing === 'nothing') faults.push({ code: 'one-way-cable', facts: { badRise: rise } })
  else if (hearing === 'damaged') faults.push({ code: 'damaged-way-to-box', facts: { badRise: rise } })
  else if (lastHello && (rise > 1 || isOftenBad(lastHello)))
    faults.push({ code: 'noisy-cable-to-box', facts: { badRise: rise, badSinceBoot: lastHello.bad } })
  return faults
}

/** A short look must not pass over a single bad line in five; over days the share counts. */
function isNoisy(bad: number, good: number, watchedMs: number): boolean {
  if (bad === 0) return false
  return watchedMs < 60_000 || (bad >= fewBadLines && bad / (bad + good) >= 0.001)
}

/** `bad` starts anew with each boot (PROTOCOL.md §5.1). */
function countRise(first: HelloLine, last: HelloLine): number {
  return first.bootNumber === last.bootNumber ? Math.max(0, last.bad - first.bad) : last.bad
}

function isOftenBad({ bad, boxNowMs }: HelloLine): boolean {
  return bad >= fewBadLines && bad > (badLinesPerHour * boxNowMs) / 3_600_000
}

function diagnoseBox(
  hello: HelloLine,
  { restarts, stuckButtons }: LineEvidence,
  { imageFirmware, isDaemonListening }: DiagnoseOptions,
): LineFault[] {
  const { firmware, pending, dropped, resetCause, bootNumber, boxNowMs } = hello
  const faults: LineFault[] = []
  const age = imageFirmware === null ? 0 : compareVersions(firmware, imageFirmware)
  if (age < 0) faults.push({ code: 'old-firmware', facts: { firmware, imageFirmware } })
  if (age > 0) faults.push({ code: 'newer-firmware', facts: { firmware, imageFirmware } })
  if (restarts > 0) faults.push({ code: 'restarting', facts: { restarts, cause: resetCause, boot: bootNumber } })
  else if (resetCause === 'brown-out' || resetCause === 'watchdog')
    faults.push({ code: resetCause, facts: { boot: bootNumber, upForMs: boxNowMs } })
  if (pending >= journalSlots) faults.push({ code: 'box-full', facts: { pending, dropped } })
  else if (dropped > 0) faults.push({ code: 'box-refused', facts: { dropped } })
  if (stuckButtons.length > 0) faults.push({ code: 'stuck-button', facts: { buttons: [...stuckButtons] } })
  if (pending > 0 && pending < journalSlots && !isDaemonListening)
    faults.push({ code: 'presses-waiting', facts: { pending } })
  return faults
}

/** Refused lines that say something of the cable: an empty one means nothing (PROTOCOL.md §2.5), another version was whole. */
export function countBad(badLines: BadLines): number {
  const { empty: _, version: __, ...bad } = badLines
  return Object.values(bad).reduce((sum, count) => sum + count, 0)
}

function dropZeros(badLines: BadLines): BadLines {
  return Object.fromEntries(Object.entries(badLines).filter(([, count]) => count > 0))
}
