import type { Clock } from '../../src/shared/clock.ts'
import type { BoxLine, HelloLine, LightMode, PressLine } from '../line/box-line.ts'
import { formatLine } from '../line/format-line.ts'
import type { Refusal } from '../line/parse-line.ts'
import { makeAckQueue } from './ack-queue.ts'
import { makePressAnswerer, type StorePress } from './answer-press.ts'
import type { BoxPort } from './box-port.ts'
import type { BoxHello, BoxRecord } from './box-record.ts'
import { describeBox, describeReuse } from './describe-box.ts'
import { makeIdentityGiver, type SaveBoxId } from './give-identity.ts'
import { makeLightsLine } from './lights-line.ts'
import { makeLineIntake } from './line-intake.ts'
import type { LinkCounters } from './link-counters.ts'
import type { PressClock } from './press-clock.ts'

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

/** One opened port, from its first byte to its end: handshake, silence, and who answers which line. */
export function openBoxSession(options: BoxSessionOptions): BoxSession {
  const { port, clock, counters, record, pressClock, onHello, onReady } = options
  const acks = makeAckQueue()
  const takeBytes = makeLineIntake({
    ...{ clock, counters },
    onLine(parsed) {
      if (isOver) return
      if (parsed.ok) takeLine(parsed.line)
      else takeRefusal(parsed)
    },
  })
  const lights = makeLightsLine(options.lights)
  const identity = makeIdentityGiver(options)
  const presses = makePressAnswerer({ ...options, wake: () => port.write(formatLine({ type: 'wake' })) })
  /** Whom we have greeted; acks go to nobody else (PROTOCOL.md §10.2). */
  let greeted: HelloLine | null = null
  /** It has said an `H` of our version or an `N`: nothing is written before (PROTOCOL.md §10.1). */
  let isUnderstood = false
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
    takeBytes(bytes)
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
    identity.noteHello()
    presses.noteHello()
    pressClock.hello(line, clock.monoMs())
    const hello = record.note(line)
    const isGreeted = greeted?.boxId === line.boxId && greeted.bootNumber === line.bootNumber
    greeted = line
    isUnderstood = true
    const dueLights = lights.beat(line.bad)
    if (isGreeted) writeUnlessEmpty(dueLights)
    // The newline ends what rubbish may stand in the box's buffer (PROTOCOL.md §2.5).
    else port.write(`\n${formatLine({ type: 'wake' })}${lights.say()}`)
    tellReady(line)
    onHello(hello)
  }

  function writeUnlessEmpty(text: string): void {
    if (text !== '') port.write(text)
  }

  function tellReady(hello: HelloLine): void {
    const reused = record.reused(hello.boxId)
    onReady(reused === null, reused ? describeReuse(hello.boxId, reused) : describeBox(hello))
  }

  function takePress(line: PressLine): void {
    if (!greeted) counters.add('press-early')
    else if (greeted.boxId !== line.boxId) counters.add('press-foreign')
    else answerPress(line, greeted)
  }

  function answerPress(line: PressLine, hello: HelloLine): void {
    const ack = presses.answer(line)
    if (!ack) return
    acks.add(ack)
    if (ack.status === 'cannot-store') tellReady(hello)
  }

  function takeNoIdentity(): void {
    noteHeartbeat()
    counters.add('no-identity')
    greeted = null
    isUnderstood = true
    onReady(false, 'the box has no identity yet')
    const given = identity.answer()
    const dueLights = lights.beat(null)
    // The lights too: without identity the box flashes, in quiet hours as well.
    if (given === null) writeUnlessEmpty(dueLights)
    else port.write(`\n${given}${lights.say()}`)
  }

  return {
    ended,
    end,
    setLights(mode) {
      lights.set(mode)
      if (isUnderstood && !isOver) port.write(lights.say())
    },
  }
}
