import type { PortOpener } from '../../firmware-bridge/serial/box-port.ts'

/** What a bad cable does to one piece of the traffic: any number of pieces come out. */
export type Noise = (text: string) => string

export type NoisyOptions = {
  openPort: PortOpener
  toHost?: Noise
  toBox?: Noise
}

/** A cable that damages what passes. */
export function makeNoisyOpener({
  openPort,
  toHost = (text) => text,
  toBox = (text) => text,
}: NoisyOptions): PortOpener {
  return async () => {
    const port = await openPort()
    return {
      ...port,
      onBytes: (listener) =>
        port.onBytes((bytes) => listener(Buffer.from(toHost(Buffer.from(bytes).toString('latin1')), 'latin1'))),
      write: (text) => port.write(toBox(text)),
    }
  }
}

/** Loses, doubles, cuts or garbles a share of the pieces. */
export function makeNoise(random: () => number, share: number): Noise {
  return (text) => {
    if (random() >= share) return text
    const at = Math.floor(random() * text.length)
    const kinds = ['', text + text, text.slice(0, at), `${text.slice(0, at)}\xff\x00${text.slice(at + 1)}`]
    return kinds[Math.floor(random() * kinds.length)] ?? ''
  }
}
