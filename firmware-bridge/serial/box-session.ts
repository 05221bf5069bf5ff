import type { Clock } from '../../src/shared/clock.ts'
import type { BoxLine, ButtonNumber, HelloLine, LightMode, PressFlags, PressLine } from '../line/box-line.ts'
import { formatLine } from '../line/format-line.ts'
import { parseBoxLine, type Refusal } from '../line/parse-line.ts'
import { makeAckQueue } from './ack-queue.ts'
import type { BoxPort } from './box-port.ts'
import type { BoxHello, BoxRecord } from './box-record.ts'
import { makeByteBudget } from './byte-budget.ts'
import { makeLineSplitter } from './line-splitter.ts'
import type { LinkCounters } from './link-counters.ts'
import type { PressClock } from './press-clock.ts'

export type BoxPress = {
  boxId: string
  sequence: number
  button: ButtonNumber
  /** CLOCK_MONOTONIC ms of this host at which the press happened, best estimate; negative when it is older than the host's boot. */
  monoMs: number
  /** The press may have been up to this much earlier; null = unknown (the box was off, and no hello before is known). */
  spreadMs: number | null
  /** A stuck one is no press and must never be tallied, but is stored and acknowledged like one. */
  flags: PressFlags
}

/** Returns only after the COMMIT, `stored` for a repeat too. */
export type StorePress = (press: BoxPress) => 'stored' | 'full'
/** Returns only after the COMMIT. */
export type SaveBoxId = (boxId: string) => 'saved' | 'full'

export type BoxSessionOptions = {
  port: BoxPort
  clock: Clock
  counters: LinkCounters
  record: BoxRecord
  pressClock: PressClock
  silenceMs: number
  onPress: StorePress
  onHello: (hello: BoxHello) => void
  /** The box answers and takes acks (`up`), or why it does not yet. */
  onReady: (isUp: boolean, reason: string) => void
  newBoxId: () => string
  saveBoxId: SaveBoxId
  lights: LightMode
}

export type BoxSession = {
  /** Resolves with the reason when the session is over. */
  ended: Promise<string>
  end(reason: string): void
  setLights(mode: LightMode): void
}

/** One opened port, from its first byte to its end: handshake, presses and acks, identity, silence. */
export function openBoxSession(options: BoxSessionOptions): BoxSession {
  const { port, clock, counters, record, pressClock, onPress, onHello, onReady } = options
  const acks = makeAckQueue()
  const splitter = makeLineSplitter({ onLine, onTooLong: () => counters.add('line-too-long') })
  const takeFromBudget = makeByteBudget(clock)
  let lights = options.lights
  /** Whom we have greeted; acks go to nobody else (PROTOCOL.md §10.2). */
  let greeted: { boxId: string; bootNumber: number } | null = null
  /** It has said an `H` of our version or an `N`: nothing is written before (PROTOCOL.md §10.1). */
  let isUnderstood = false
  let unanswered = 0
  let isOver = false
  let resolveEnded: (reason: string) => void
  const ended = new Promise<string>((resolve) => {
    resolveEnded = resolve
  })
  const onSilence = () => {
    counters.add('session-silent')
    end(`silent for ${options.silenceMs} ms`)
  }
  let silence = setTimeout(onSilence, options.silenceMs)

  port.onClosed((reason) => {
    if (!isOver) counters.add('session-closed')
    end(reason)
  })
  port.onBytes((bytes) => {
    if (isOver) return
    pushWithinBudget(bytes)
    const text = acks.take()
    if (text !== '' && !isOver) port.write(text)
  })

  function pushWithinBudget(bytes: Uint8Array): void {
    const taken = takeFromBudget(bytes.length)
    splitter.push(bytes.subarray(0, taken))
    if (taken === bytes.length) return
    counters.add('bytes-flooded', bytes.length - taken)
    splitter.skipToNextLine()
  }

  function end(reason: string): void {
    isOver = true
    clearTimeout(silence)
    resolveEnded(reason)
  }

  /** PROTOCOL.md §10.4: only a heartbeat proves that the line is alive, garbage and repeated presses don't. */
  function noteHeartbeat(): void {
    clearTimeout(silence)
    silence = setTimeout(onSilence, options.silenceMs)
  }

  function onLine(text: string): void {
    if (isOver) return
    const parsed = parseBoxLine(text)
    if (parsed.ok) takeLine(parsed.line)
    else takeRefusal(parsed)
  }

  function takeLine(line: BoxLine): void {
    if (line.type === 'hello') takeHello(line)
    else if (line.type === 'press') takePress(line)
    else takeNoIdentity()
  }

  function takeRefusal({ reason }: Refusal): void {
    counters.add(`line-${reason}`)
    if (reason !== 'version') return
    // PROTOCOL.md §10.5: keep reading, write nothing. Reopening would only reset the board again and again.
    noteHeartbeat()
    greeted = null
    isUnderstood = false
    onReady(false, 'the box speaks another version of the protocol')
  }

  function takeHello(line: HelloLine): void {
    noteHeartbeat()
    unanswered = 0
    pressClock.hello(line, clock.monoMs())
    const hello = record.note(line)
    const isGreeted = greeted?.boxId === line.boxId && greeted.bootNumber === line.bootNumber
    greeted = { boxId: line.boxId, bootNumber: line.bootNumber }
    isUnderstood = true
    // The newline ends what rubbish may stand in the box's buffer (PROTOCOL.md §2.5).
    if (!isGreeted) port.write(`\n${formatLine({ type: 'wake' })}${formatLine({ type: 'lights', mode: lights })}`)
    const reused = record.reused(line.boxId)
    onReady(reused === null, reused ? describeReuse(line.boxId, reused) : describeBox(line))
    onHello(hello)
  }

  function takePress(line: PressLine): void {
    if (!greeted) counters.add('press-early')
    else if (greeted.boxId !== line.boxId) counters.add('press-foreign')
    else answerPress(line)
  }

  function answerPress(line: PressLine): void {
    const { boxId, sequence } = line
    const isStored = isReused(line) ? refuseReused() : storePress(line)
    counters.add(isStored ? 'press-stored' : 'press-not-stored')
    if (isStored && record.noteStored(boxId, sequence)) counters.add('press-repeated')
    acks.add({ boxId, sequence, status: isStored ? 'committed' : 'cannot-store' })
  }

  function isReused({ boxId, sequence }: PressLine): boolean {
    const reused = record.reused(boxId)
    return reused !== null && sequence >= reused.from && sequence < reused.to
  }

  /** Taken for the repeat that it looks like, this press would be lost; so the box keeps it and shows that it waits. */
  function refuseReused(): boolean {
    counters.add('press-reused')
    return false
  }

  function storePress({ boxId, sequence, button, ageMs, flags }: PressLine): boolean {
    const time = pressClock.timeOf({ sequence, ageMs }, clock.monoMs())
    return onPress({ boxId, sequence, button, ...time, flags }) === 'stored'
  }

  function takeNoIdentity(): void {
    noteHeartbeat()
    counters.add('no-identity')
    greeted = null
    isUnderstood = true
    onReady(false, 'the box has no identity yet')
    if (isWorthAnAnswer(unanswered++)) giveIdentity(options.newBoxId())
  }

  /** Saved first: an identity that was sent once must never be given to another box (PROTOCOL.md §11.2). */
  function giveIdentity(boxId: string): void {
    const isSaved = options.saveBoxId(boxId) === 'saved'
    counters.add(isSaved ? 'identity-sent' : 'identity-not-saved')
    const identity = isSaved ? formatLine({ type: 'set-identity', boxId }) : ''
    // The lights too: without identity the box flashes, in quiet hours as well.
    port.write(`\n${identity}${formatLine({ type: 'lights', mode: lights })}`)
  }

  return {
    ended,
    end,
    setLights(mode) {
      lights = mode
      if (isUnderstood && !isOver) port.write(formatLine({ type: 'lights', mode }))
    },
  }
}

/**
 * Each answer to an `N` uses an identity up for ever (PROTOCOL.md §11.2). A box that can talk but not hear asks every
 * second, so it is answered at the 1st, 2nd, 4th, … 64th time and then every 64th.
 */
function isWorthAnAnswer(unanswered: number): boolean {
  const times = unanswered + 1
  return times % 64 === 0 || (times & (times - 1)) === 0
}

function describeBox({ boxId, bootNumber, firmware }: HelloLine): string {
  return `box ${boxId} boot ${bootNumber}, firmware ${firmware}`
}

function describeReuse(boxId: string, { from, to }: { from: number; to: number }): string {
  const range = to - from === 1 ? `press number ${from}` : `press numbers ${from} to ${to - 1}`
  return `box ${boxId} uses ${range} a second time: its memory was erased or swapped; it needs a new identity`
}
