import type { Random } from './seeded-random.ts'

/** What happens to each byte, as a probability from 0 to 1; 0 where nothing is said. */
export type NoiseRates = {
  /** The byte is lost. */
  drop?: number
  /** One of its eight bits is turned over. */
  flip?: number
  /** A random byte comes before it. */
  insert?: number
}

/** Bytes, since the cable was made. */
export type NoiseCounts = { carried: number; dropped: number; flipped: number; inserted: number; muted: number }

export type ByteNoise = {
  /** What comes out for what goes in. */
  carry(bytes: Uint8Array): Uint8Array
  /** Replaces all rates. */
  setRates(rates: NoiseRates): void
  setMuted(isMuted: boolean): void
  /** A copy. `carried` counts bytes that came out as they went in. */
  counts(): NoiseCounts
}

/**
 * One direction of a bad cable, byte by byte, so that any line can be hurt anywhere, also its newline.
 *
 * The same random source, rates and bytes give the same damage, however the bytes are cut into pieces.
 *
 * @throws RangeError for a rate outside of 0…1
 */
export function makeByteNoise(random: Random, first: NoiseRates = {}): ByteNoise {
  const counts: NoiseCounts = { carried: 0, dropped: 0, flipped: 0, inserted: 0, muted: 0 }
  let rates = checkRates(first)
  let isMuted = false

  function carryByte(byte: number, out: number[]): void {
    // Drawn for each byte, whatever the rates: the fate of one byte then does not move that of the next.
    const [drop, flip, insert, bit, noise] = [random(), random(), random(), random(), random()]
    if (insert < rates.insert) {
      out.push(Math.floor(noise * 256))
      counts.inserted++
    }
    if (drop < rates.drop) counts.dropped++
    else if (flip < rates.flip) {
      out.push(byte ^ (1 << Math.floor(bit * 8)))
      counts.flipped++
    } else {
      out.push(byte)
      counts.carried++
    }
  }

  return {
    carry(bytes) {
      const out: number[] = []
      if (isMuted) counts.muted += bytes.length
      else for (const byte of bytes) carryByte(byte, out)
      return Uint8Array.from(out)
    },
    setRates(next) {
      rates = checkRates(next)
    },
    setMuted(next) {
      isMuted = next
    },
    counts: () => ({ ...counts }),
  }
}

function checkRates(rates: NoiseRates): Required<NoiseRates> {
  const { drop = 0, flip = 0, insert = 0 } = rates
  for (const [name, rate] of Object.entries({ drop, flip, insert }))
    if (!(rate >= 0 && rate <= 1)) throw new RangeError(`${name} rate ${rate} is not in 0…1`)
  return { drop, flip, insert }
}
