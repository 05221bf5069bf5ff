import type { Clock } from '../../src/shared/clock.ts'
import type { BoxLine, ButtonNumber, HelloLine, LightMode, PressFlags, PressLine } from '../line/box-line.ts'
import { formatLine } from '../line/format-line.ts'
import { parseBoxLine, type Refusal } from '../line/parse-line.ts'
import { makeAckQueue } from './ack-queue.ts'
import type { BoxPort } from './box-port.ts'
import type { BoxHello, BoxRecord } from './box-record.ts'
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
  let lights = options.lights
  /** Whom we have greeted; nothing but an identity is written before (PROTOCOL.md §10.1). */
  let greeted: { boxId: string; bootNumber: number } | null = null
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
    splitter.push(bytes)
    const text = acks.take()
    if (text !== '' && !isOver) port.write(text)
  })

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
    onReady(false, 'the box speaks another version of the protocol')
  }

  function takeHello(line: HelloLine): void {
    noteHeartbeat()
    unanswered = 0
    pressClock.hello(line, clock.monoMs())
    const hello = record.note(line)
    if (greeted?.boxId !== line.boxId || greeted.bootNumber !== line.bootNumber) {
      greeted = { boxId: line.boxId, bootNumber: line.bootNumber }
      // The newline ends what rubbish may stand in the box's buffer (PROTOCOL.md §2.5).
      port.write(`\n${formatLine({ type: 'wake' })}${formatLine({ type: 'lights', mode: lights })}`)
      onReady(true, `box ${line.boxId} boot ${line.bootNumber}, firmware ${line.firmware}`)
    }
    onHello(hello)
  }

  function takePress(line: PressLine): void {
    if (!greeted) counters.add('press-early')
    else if (greeted.boxId !== line.boxId) counters.add('press-foreign')
    else storePress(line)
  }

  function storePress({ boxId, sequence, button, ageMs, flags }: PressLine): void {
    const time = pressClock.timeOf({ sequence, ageMs }, clock.monoMs())
    const isStored = onPress({ boxId, sequence, button, ...time, flags }) === 'stored'
    counters.add(isStored ? 'press-stored' : 'press-not-stored')
    if (isStored && record.noteStored(boxId, sequence)) counters.add('press-repeated')
    acks.add({ boxId, sequence, status: isStored ? 'committed' : 'cannot-store' })
  }

  function takeNoIdentity(): void {
    noteHeartbeat()
    counters.add('no-identity')
    greeted = null
    onReady(false, 'the box has no identity yet')
    if (isWorthAnAnswer(unanswered++)) giveIdentity(options.newBoxId())
  }

  /** Saved first: an identity that was sent once must never be given to another box (PROTOCOL.md §11.2). */
  function giveIdentity(boxId: string): void {
    const isSaved = options.saveBoxId(boxId) === 'saved'
    counters.add(isSaved ? 'identity-sent' : 'identity-not-saved')
    if (isSaved) port.write(`\n${formatLine({ type: 'set-identity', boxId })}`)
  }

  return {
    ended,
    end,
    setLights(mode) {
      lights = mode
      if (greeted && !isOver) port.write(formatLine({ type: 'lights', mode }))
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
