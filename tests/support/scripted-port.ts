import type { BoxLine, HelloLine, HostLine, PressLine } from '../../firmware-bridge/line/box-line.ts'
import { formatLine } from '../../firmware-bridge/line/format-line.ts'
import { parseHostLine } from '../../firmware-bridge/line/parse-line.ts'
import type { BoxPort, PortOpener } from '../../firmware-bridge/serial/box-port.ts'

/** The box's side of a port, played by a test. */
type ScriptedPort = {
  say(...lines: (BoxLine | string)[]): void
  sayBytes(bytes: Uint8Array): void
  hangUp(reason: string): void
  /** What the host has written, as it came. */
  written(): string
  /** The same as lines; fails on a line that the protocol refuses. */
  heard(): HostLine[]
  forget(): void
  isClosed(): boolean
}

export type ScriptedPorts = {
  openPort: PortOpener
  opened: ScriptedPort[]
  /** The port that was opened last. */
  port(): ScriptedPort
  /** Lets the next attempts fail. */
  failWith(...errors: Error[]): void
}

/** Ports in memory, a new one for each attempt. */
export function makeScriptedPorts(): ScriptedPorts {
  const opened: ScriptedPort[] = []
  const failures: Error[] = []
  return {
    opened,
    async openPort() {
      const failure = failures.shift()
      if (failure) throw failure
      const { scripted, port } = makePort()
      opened.push(scripted)
      return port
    },
    port() {
      const last = opened.at(-1)
      if (!last) throw new Error('no port has been opened')
      return last
    },
    failWith: (...errors) => void failures.push(...errors),
  }
}

function makePort(): { scripted: ScriptedPort; port: BoxPort } {
  let text = ''
  let isClosed = false
  let listenBytes = (_bytes: Uint8Array) => {}
  let listenClosed = (_reason: string) => {}
  const sayBytes = (bytes: Uint8Array) => listenBytes(bytes)
  const port: BoxPort = {
    onBytes: (listener) => {
      listenBytes = listener
    },
    onClosed: (listener) => {
      listenClosed = listener
    },
    write: (more) => {
      if (isClosed) throw new Error('written while closed')
      text += more
    },
    close: async () => {
      isClosed = true
    },
  }
  const scripted: ScriptedPort = {
    say(...lines) {
      const texts = lines.map((line) => (typeof line === 'string' ? line : formatLine(line)))
      sayBytes(Buffer.from(texts.join(''), 'latin1'))
    },
    sayBytes,
    hangUp: (reason) => listenClosed(reason),
    written: () => text,
    heard: () => text.split('\n').filter(Boolean).map(parseHeard),
    forget: () => {
      text = ''
    },
    isClosed: () => isClosed,
  }
  return { scripted, port }
}

function parseHeard(text: string): HostLine {
  const parsed = parseHostLine(text)
  if (!parsed.ok) throw new Error(`the host wrote ${JSON.stringify(text)}: ${parsed.reason}`)
  return parsed.line
}

export const scriptedBoxId = '3f9c02d7'

export function helloLine(changes: Partial<HelloLine> = {}): HelloLine {
  return {
    ...{ type: 'hello', boxId: scriptedBoxId, bootNumber: 7, resetCause: 'power-on', nextSequence: 42, pending: 0 },
    ...{ dropped: 0, bad: 0, boxNowMs: 61_234, firmware: '1.0.0', ...changes },
  }
}

export function pressLine(sequence: number, changes: Partial<PressLine> = {}): PressLine {
  const flags = { stuck: false, chord: false }
  return { type: 'press', boxId: scriptedBoxId, sequence, button: 1, ageMs: 20, flags, ...changes }
}
