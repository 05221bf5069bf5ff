import { setTimeout as sleep } from 'node:timers/promises'
import { SerialPort } from 'serialport'
import type { Clock } from '../../src/shared/clock.ts'
import { AppError } from '../../src/shared/errors.ts'
import { formatLine } from '../line/format-line.ts'
import type { PortOpener } from './box-port.ts'
import { makeLineObserver } from './diagnose-bytes.ts'
import { type LineEvidence, lineSpeedBaud } from './diagnose-line.ts'
import { makeTtyBinding } from './tty-binding.ts'

export type ListenOptions = { openPort: PortOpener; listenMs: number; clock: Pick<Clock, 'monoMs'> }

const pollMs = 100

/**
 * Listens to a line and says hello to a box that has spoken, to learn whether it hears.
 *
 * A `W` is all that is ever written, and only after a valid `H` or `N` (PROTOCOL.md §10.1): it moves no press. Nothing is
 * acknowledged and no identity given, so whatever the box keeps it keeps.
 *
 * @param options `listenMs` is doubled at most where a box speaks that has not shown yet whether it hears
 * @throws AppError as the opener's, and `box-port-failed` when the port is lost meanwhile
 */
export async function listenToLine(options: ListenOptions): Promise<LineEvidence> {
  const { openPort, listenMs, clock } = options
  const port = await openPort()
  const startedAtMs = clock.monoMs()
  const observer = makeLineObserver(startedAtMs)
  const stop = new AbortController()
  let lost: string | null = null
  port.onClosed((reason) => {
    lost = reason
    stop.abort()
  })
  port.onBytes((bytes) => {
    observer.push(bytes, clock.monoMs())
    if (!observer.wantsGreeting()) return
    port.write(`\n${formatLine({ type: 'wake' })}`)
    observer.noteGreeting()
  })
  const wait = (ms: number) => sleep(ms, undefined, { signal: stop.signal }).catch(() => {})
  await wait(listenMs)
  const latestAtMs = startedAtMs + 2 * listenMs
  while (lost === null && observer.isUndecided() && clock.monoMs() < latestAtMs) await wait(pollMs)
  await port.close()
  if (lost !== null) throw new AppError('box-port-failed', lost)
  return observer.evidence(clock.monoMs() - startedAtMs)
}

/**
 * Usual speeds of other devices; 28800 is that of our own firmware on a board of 8 MHz, where everything takes twice as long.
 * Tried in this order.
 */
export const otherSpeedsBaud: readonly number[] = [9600, 115_200, 28_800, 38_400, 19_200, 4800]

export type SpeedSearchOptions = {
  path: string
  eachMs: number
  clock: Pick<Clock, 'monoMs'>
  onSpeed?: (speedBaud: number) => void
}

/**
 * Listens at other speeds, one after the other on one opened port (each opening may reset the board), and writes nothing.
 *
 * @returns what was heard at the first speed at which it made sense, null when it never did or the port failed
 */
export async function findSpeaker(options: SpeedSearchOptions): Promise<LineEvidence | null> {
  const { path, eachMs, clock, onSpeed = () => {} } = options
  const port = new SerialPort({
    path,
    baudRate: lineSpeedBaud,
    hupcl: false,
    ...{ binding: makeTtyBinding() },
    autoOpen: false,
  })
  port.on('error', () => {})
  try {
    await settle((done) => port.open(done))
    for (const baudRate of otherSpeedsBaud) {
      onSpeed(baudRate)
      await settle((done) => port.update({ baudRate }, done))
      const observer = makeLineObserver(clock.monoMs(), baudRate)
      const onBytes = (bytes: Buffer) => observer.push(bytes, clock.monoMs())
      port.on('data', onBytes)
      await sleep(eachMs)
      port.off('data', onBytes)
      const evidence = observer.evidence(eachMs)
      if (makesSense(evidence)) return evidence
    }
    return null
  } catch {
    return null
  } finally {
    if (port.isOpen) await settle((done) => port.close(done)).catch(() => {})
    port.destroy()
  }
}

/** Whether the bytes could be read, by us or by anyone. */
function makesSense({ goodLines, speaker }: LineEvidence): boolean {
  return goodLines > 0 || ['gps', 'modem', 'console', 'text'].includes(speaker?.kind ?? '')
}

function settle(start: (done: (error: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error ? reject(error) : resolve()))
  })
}
