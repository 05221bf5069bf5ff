import { type BaudMismatch, makeBaudMismatch } from './baud-mismatch.ts'
import { type ByteNoise, makeByteNoise, type NoiseCounts, type NoiseRates } from './byte-noise.ts'
import type { LineEnd } from './line-end.ts'
import { makeSeededRandom } from './seeded-random.ts'
import type { SimulatedBox } from './simulated-box.ts'

type CableDirection = 'toHost' | 'toBox'

export type FaultyCableOptions = {
  box: Pick<SimulatedBox, keyof LineEnd | 'nowMs' | 'after' | 'receive' | 'onByte'>
  /** The same seed, bytes and calls give the same damage; each direction has its own random numbers. */
  seed?: number
  toHost?: NoiseRates
  toBox?: NoiseRates
  /** What the host has set its port to; 57600 without. */
  hostBaud?: number
}

/** `broken`: bytes that arrived without a stop bit, at another baud rate. */
type CableCounts = NoiseCounts & { broken: number }

export type FaultyCable = LineEnd & {
  /** From now on; what is not named is 0. Without a direction: both. */
  setRates(rates: NoiseRates, direction?: CableDirection): void
  /** A muted direction swallows every byte, until it is told otherwise. Without a direction: both. */
  setMuted(isMuted: boolean, direction?: CableDirection): void
  /** The host sets its port to another speed: both directions are sampled as a UART would. 300…4,000,000. */
  setHostBaud(baud: number): void
  /** What the cable did, in bytes, since it was made. */
  counts(): Record<CableDirection, CableCounts>
}

/** PROTOCOL.md §1 */
const nominalBaud = 57_600

/**
 * A bad cable: hangs on a simulated box, and a host end hangs on it.
 *
 * @example
 * const cable = makeFaultyCable({ box, seed: 7, toHost: { flip: 0.01 }, toBox: { drop: 0.02, insert: 0.005 } })
 * openBoxLink({ openPort: makeSimulatedPortOpener(cable), … }) // or openBoxPty({ end: cable, path })
 * cable.setMuted(true, 'toBox') // acks get lost, presses do not
 * cable.setRates({}) // a good cable again
 * cable.setHostBaud(9600) // the host set up its port wrong
 * cable.counts().toHost.flipped
 * @throws RangeError for a rate outside of 0…1, or a baud rate outside of 300…4,000,000
 */
export function makeFaultyCable(options: FaultyCableOptions): FaultyCable {
  const { box, seed = 1, toHost, toBox, hostBaud = nominalBaud } = options
  const noises: Record<CableDirection, ByteNoise> = {
    toHost: makeByteNoise(makeSeededRandom(seed), toHost),
    toBox: makeByteNoise(makeSeededRandom(seed ^ 0x5bd1_e995), toBox),
  }
  const broken: Record<CableDirection, number> = { toHost: 0, toBox: 0 }
  const listeners = new Set<(bytes: Uint8Array) => void>()
  let mismatch: BaudMismatch | null = null
  const chosen = (direction?: CableDirection) => (direction ? [noises[direction]] : [noises.toHost, noises.toBox])

  function tellHost(bytes: Uint8Array): void {
    if (bytes.length > 0) for (const listener of listeners) listener(bytes)
  }

  function setHostBaud(baud: number): void {
    const onHostByte = (byte: number) => tellHost(Uint8Array.of(byte))
    const onBroken = (direction: CableDirection) => void broken[direction]++
    mismatch = baud === nominalBaud ? null : makeBaudMismatch({ box, hostBaud: baud, onHostByte, onBroken })
  }

  // Heard whether a host is there or not: a byte on the line is hurt or not, whoever listens.
  box.onBytes((bytes) => void (mismatch || tellHost(noises.toHost.carry(bytes))))
  box.onByte((byte) => {
    if (mismatch) for (const carried of noises.toHost.carry(Uint8Array.of(byte))) mismatch.fromBox(carried)
  })
  setHostBaud(hostBaud)

  return {
    write(text) {
      const carried = noises.toBox.carry(Buffer.from(text, 'latin1'))
      if (mismatch) mismatch.fromHost(carried)
      else box.write(Buffer.from(carried).toString('latin1'))
    },
    onBytes(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    onPower: (listener) => box.onPower(listener),
    isOn: () => box.isOn(),
    reset: () => box.reset(),
    setRates: (rates, direction) => chosen(direction).forEach((noise) => void noise.setRates(rates)),
    setMuted: (isMuted, direction) => chosen(direction).forEach((noise) => void noise.setMuted(isMuted)),
    setHostBaud,
    counts: () => ({
      toHost: { ...noises.toHost.counts(), broken: broken.toHost },
      toBox: { ...noises.toBox.counts(), broken: broken.toBox },
    }),
  }
}
