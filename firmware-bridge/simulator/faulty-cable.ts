import { type ByteNoise, makeByteNoise, type NoiseCounts, type NoiseRates } from './byte-noise.ts'
import type { LineEnd } from './line-end.ts'
import { makeSeededRandom } from './seeded-random.ts'

export type CableDirection = 'toHost' | 'toBox'

export type FaultyCableOptions = {
  box: LineEnd
  /** The same seed, bytes and calls give the same damage; each direction has its own random numbers. */
  seed?: number
  toHost?: NoiseRates
  toBox?: NoiseRates
}

export type FaultyCable = LineEnd & {
  /** From now on; what is not named is 0. Without a direction: both. */
  setRates(rates: NoiseRates, direction?: CableDirection): void
  /** A muted direction swallows every byte, until it is told otherwise. Without a direction: both. */
  setMuted(isMuted: boolean, direction?: CableDirection): void
  /** What the cable did, in bytes, since it was made. */
  counts(): Record<CableDirection, NoiseCounts>
}

/**
 * A bad cable: hangs on a simulated box, and a host end hangs on it.
 *
 * @example
 * const cable = makeFaultyCable({ box, seed: 7, toHost: { flip: 0.01 }, toBox: { drop: 0.02, insert: 0.005 } })
 * openBoxLink({ openPort: makeSimulatedPortOpener(cable), … }) // or openBoxPty({ box, end: cable, … })
 * cable.setMuted(true, 'toBox') // acks get lost, presses do not
 * cable.setRates({}) // a good cable again
 * cable.counts().toHost.flipped
 * @throws RangeError for a rate outside of 0…1
 */
export function makeFaultyCable({ box, seed = 1, toHost, toBox }: FaultyCableOptions): FaultyCable {
  const noises: Record<CableDirection, ByteNoise> = {
    toHost: makeByteNoise(makeSeededRandom(seed), toHost),
    toBox: makeByteNoise(makeSeededRandom(seed ^ 0x5bd1_e995), toBox),
  }
  const listeners = new Set<(bytes: Uint8Array) => void>()
  const chosen = (direction?: CableDirection) => (direction ? [noises[direction]] : [noises.toHost, noises.toBox])

  // Heard whether a host is there or not: a byte on the line is hurt or not, whoever listens.
  box.onBytes((bytes) => {
    const carried = noises.toHost.carry(bytes)
    if (carried.length > 0) for (const listener of listeners) listener(carried)
  })

  return {
    write: (text) => box.write(Buffer.from(noises.toBox.carry(Buffer.from(text, 'latin1'))).toString('latin1')),
    onBytes(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    onPower: (listener) => box.onPower(listener),
    isOn: () => box.isOn(),
    reset: () => box.reset(),
    setRates: (rates, direction) => chosen(direction).forEach((noise) => void noise.setRates(rates)),
    setMuted: (isMuted, direction) => chosen(direction).forEach((noise) => void noise.setMuted(isMuted)),
    counts: () => ({ toHost: noises.toHost.counts(), toBox: noises.toBox.counts() }),
  }
}
