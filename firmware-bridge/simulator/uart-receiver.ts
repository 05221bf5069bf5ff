export type UartReceiverOptions = {
  senderBaud: number
  receiverBaud: number
  /** `atMs` is when the middle of the stop bit was sampled; a frame that was 0 there is broken. */
  onFrame: (byte: number, isBroken: boolean, atMs: number) => void
}

export type UartReceiver = {
  /** A byte whose start bit begins at that time or, on a busy line, after the byte before. Returns its end, in ms. */
  send(byte: number, atMs: number): number
  /** Nothing that begins before this time will be sent any more: what hung on that is decided. */
  settle(knownUntilMs: number): void
}

type Frame = { startMs: number; byte: number }

/** 8N1: start bit, eight data bits, stop bit (PROTOCOL.md §1). */
const frameBits = 10

/**
 * What a UART makes of a line that is spoken at another speed: it waits for a falling edge, looks half a bit later
 * whether the line is still low, takes eight bits in their middles, looks at the stop bit, and waits for the next edge
 * (ATmega328P datasheet, 19.8). At equal speeds, and up to about 5 % apart, every byte comes through.
 */
export function makeUartReceiver({ senderBaud, receiverBaud, onFrame }: UartReceiverOptions): UartReceiver {
  const sentBitMs = 1000 / senderBaud
  const bitMs = 1000 / receiverBaud
  let frames: Frame[] = []
  let busyUntilMs = 0
  /** The receiver looks for an edge from then on. */
  let huntFromMs = 0

  function levelAt(ms: number): number {
    for (const { startMs, byte } of frames) {
      const bit = Math.floor((ms - startMs) / sentBitMs)
      if (bit >= 0 && bit < frameBits) return frameLevel(byte, bit)
    }
    return 1
  }

  function nextEdgeMs(): number {
    for (const { startMs, byte } of frames)
      for (let bit = 0; bit < frameBits - 1; bit++) {
        const edgeMs = startMs + bit * sentBitMs
        const before = bit === 0 ? 1 : frameLevel(byte, bit - 1)
        if (edgeMs >= huntFromMs && before === 1 && frameLevel(byte, bit) === 0) return edgeMs
      }
    return Number.POSITIVE_INFINITY
  }

  function sampleFrom(edgeMs: number): void {
    let byte = 0
    for (let bit = 0; bit < 8; bit++) byte |= levelAt(edgeMs + (1.5 + bit) * bitMs) << bit
    const stopAtMs = edgeMs + 9.5 * bitMs
    huntFromMs = stopAtMs
    onFrame(byte, levelAt(stopAtMs) === 0, stopAtMs)
  }

  function decide(knownUntilMs: number): void {
    for (;;) {
      const edgeMs = nextEdgeMs()
      if (edgeMs + 9.5 * bitMs > knownUntilMs) break
      if (levelAt(edgeMs + 0.5 * bitMs) === 1) huntFromMs = edgeMs + 0.5 * bitMs
      else sampleFrom(edgeMs)
    }
    frames = frames.filter(({ startMs }) => startMs + frameBits * sentBitMs > huntFromMs)
  }

  return {
    send(byte, atMs) {
      const startMs = Math.max(atMs, busyUntilMs)
      frames.push({ startMs, byte })
      busyUntilMs = startMs + frameBits * sentBitMs
      decide(busyUntilMs)
      return busyUntilMs
    },
    settle: decide,
  }
}

function frameLevel(byte: number, bit: number): number {
  if (bit === 0) return 0
  return bit === frameBits - 1 ? 1 : (byte >> (bit - 1)) & 1
}
