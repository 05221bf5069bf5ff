import type { ButtonNumber, HostLine } from '../../firmware-bridge/line/box-line.ts'
import { formatLine } from '../../firmware-bridge/line/format-line.ts'
import { parseHostLine } from '../../firmware-bridge/line/parse-line.ts'
import type { RawCable } from './raw-cable.ts'
import { helloLine, pressLine } from './scripted-port.ts'

/** A box that keeps to PROTOCOL.md §9, played on a raw cable; what it keeps outlives cables and restarts. */
export type WireBox = {
  /** Takes another cable; the one before is forgotten. */
  plug(cable: RawCable): void
  press(button: ButtonNumber): void
  restart(): void
  /** Falls silent, or speaks again. */
  setMute(isMute: boolean): void
  committed(): { sequence: number; button: ButtonNumber }[]
  pending(): number
  /** What the host said since the last call. */
  takeHeard(): HostLine[]
  /** Bytes in one write; a whole line without. */
  setChunk(bytes: number): void
  stop(): void
}

export function openWireBox(boxId: string): WireBox {
  const presses: { sequence: number; button: ButtonNumber; atMs: number }[] = []
  let cable: RawCable | null = null
  let bootNumber = 1
  let bootedAtMs = performance.now()
  let delivered = 0
  let isMute = false
  let chunk = 0
  let heard: HostLine[] = []

  const say = (text: string) => {
    if (!cable || isMute) return
    const size = chunk || text.length
    for (let at = 0; at < text.length; at += size) void cable.write(text.slice(at, at + size))
  }
  const hello = () => {
    const [nextSequence, pending] = [presses.length + 1, presses.length - delivered]
    const boxNowMs = Math.round(performance.now() - bootedAtMs)
    say(formatLine(helloLine({ boxId, bootNumber, nextSequence, pending, boxNowMs })))
  }
  const tell = () => {
    const oldest = presses[delivered]
    if (!oldest) return
    const ageMs = oldest.atMs < bootedAtMs ? null : Math.round(performance.now() - oldest.atMs)
    say(formatLine(pressLine(oldest.sequence, { boxId, button: oldest.button, ageMs })))
  }
  const listen = (line: HostLine) => {
    heard.push(line)
    if (line.type === 'wake') {
      hello()
      tell()
    }
    const isAck = line.type === 'ack' && line.boxId === boxId && line.status === 'committed'
    if (!isAck || line.sequence <= delivered) return
    delivered = line.sequence
    tell()
  }
  // Twice as often as a real one: half of the waiting in tests is for it.
  const timers = [setInterval(hello, 500), setInterval(tell, 150)]
  return {
    plug(next) {
      cable = next
      let text = ''
      next.onBytes((more) => {
        if (cable !== next) return
        const lines = (text + more).split('\n')
        text = lines.pop() ?? ''
        for (const line of lines.map(parseHostLine)) if (line.ok) listen(line.line)
      })
      say('\n')
      hello()
    },
    press(button) {
      presses.push({ sequence: presses.length + 1, button, atMs: performance.now() })
      if (presses.length === delivered + 1) tell()
    },
    restart() {
      bootNumber += 1
      bootedAtMs = performance.now()
      hello()
    },
    setMute(next) {
      isMute = next
    },
    committed: () => presses.map(({ sequence, button }) => ({ sequence, button })),
    pending: () => presses.length - delivered,
    takeHeard() {
      const lines = heard
      heard = []
      return lines
    },
    setChunk(bytes) {
      chunk = bytes
    },
    stop() {
      for (const timer of timers) clearInterval(timer)
      cable = null
    },
  }
}
