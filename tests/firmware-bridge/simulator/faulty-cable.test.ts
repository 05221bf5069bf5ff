import { describe, expect, it } from 'vitest'
import { formatLine } from '../../../firmware-bridge/line/format-line.ts'
import type { NoiseRates } from '../../../firmware-bridge/simulator/byte-noise.ts'
import { makeFaultyCable } from '../../../firmware-bridge/simulator/faulty-cable.ts'
import { listenToBox, makeMouth, openBox, openKnownBox, simulatedBoxId } from '../../support/box-script.ts'

const bytes = Uint8Array.from({ length: 20_000 }, (_, index) => index & 0xff)

function carry(options: { seed?: number; rates: NoiseRates; pieceBytes?: number }) {
  const { seed = 1, rates, pieceBytes = 100 } = options
  const mouth = makeMouth()
  const cable = makeFaultyCable({ box: mouth.end, seed, toHost: rates, toBox: rates })
  const toHost: number[] = []
  cable.onBytes((piece) => void toHost.push(...piece))
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    mouth.say(bytes.subarray(at, at + pieceBytes))
    cable.write(Buffer.from(bytes.subarray(at, at + pieceBytes)).toString('latin1'))
  }
  return { toHost, toBox: mouth.heard, counts: cable.counts() }
}

const bitsThatDiffer = (a: number, b: number) => (a ^ b).toString(2).replaceAll('0', '').length

describe('a faulty cable', () => {
  it('without rates carries every byte both ways', () => {
    const { toHost, toBox, counts } = carry({ rates: {} })
    expect(toHost).toEqual([...bytes])
    expect(toBox).toEqual([...bytes])
    expect(counts.toHost).toEqual({ carried: 20_000, dropped: 0, flipped: 0, inserted: 0, muted: 0, broken: 0 })
  })

  it('drops, flips one bit, and inserts at the given rates, and counts each', () => {
    const dropped = carry({ rates: { drop: 0.1 } })
    expect(dropped.counts.toBox.dropped).toBeGreaterThan(1800)
    expect(dropped.counts.toBox.dropped).toBeLessThan(2200)
    expect(dropped.toBox).toHaveLength(bytes.length - dropped.counts.toBox.dropped)

    const flipped = carry({ rates: { flip: 0.1 } })
    const changed = flipped.toHost.flatMap((byte, at) => (byte === bytes[at] ? [] : [byte ^ (bytes[at] ?? 0)]))
    expect(changed).toHaveLength(flipped.counts.toHost.flipped)
    expect(changed.length).toBeGreaterThan(1800)
    expect(changed.every((bits) => bitsThatDiffer(bits, 0) === 1)).toBe(true)
    expect(new Set(changed).size).toBe(8)

    const inserted = carry({ rates: { insert: 0.1 } })
    expect(inserted.toHost).toHaveLength(bytes.length + inserted.counts.toHost.inserted)
    expect(inserted.counts.toHost.inserted).toBeGreaterThan(1800)
    expect(carry({ rates: { drop: 1 } }).toHost).toEqual([])
  })

  it('does the same with the same seed, however the bytes come, and other things each way and with another seed', () => {
    const rates = { drop: 0.05, flip: 0.05, insert: 0.05 }
    const first = carry({ rates })
    expect(carry({ rates, pieceBytes: 1 })).toEqual(first)
    expect(first.toHost).not.toEqual(first.toBox)
    expect(carry({ rates, seed: 2 }).toHost).not.toEqual(first.toHost)
  })

  it('mutes one direction or both, and carries again', () => {
    const mouth = makeMouth()
    const cable = makeFaultyCable({ box: mouth.end })
    const toHost: number[] = []
    cable.onBytes((piece) => void toHost.push(...piece))
    const both = (byte: number) => {
      mouth.say(Uint8Array.of(byte))
      cable.write(String.fromCharCode(byte))
    }
    cable.setMuted(true, 'toBox')
    both(1)
    cable.setMuted(true)
    both(2)
    cable.setMuted(false)
    both(3)
    expect(toHost).toEqual([1, 3])
    expect(mouth.heard).toEqual([3])
    expect(cable.counts()).toMatchObject({ toHost: { muted: 1, carried: 2 }, toBox: { muted: 2, carried: 1 } })
  })

  it('takes new rates at any time, for one direction or both', () => {
    const mouth = makeMouth()
    const cable = makeFaultyCable({ box: mouth.end, toHost: { drop: 1 }, toBox: { drop: 1 } })
    const toHost: number[] = []
    cable.onBytes((piece) => void toHost.push(...piece))
    cable.setRates({}, 'toHost')
    mouth.say(Uint8Array.of(1))
    cable.write('a')
    cable.setRates({})
    cable.write('b')
    expect([toHost, mouth.heard]).toEqual([[1], [0x62]])
  })

  it('refuses a rate that is no probability', () => {
    const box = makeMouth().end
    for (const rate of [-0.1, 1.1, Number.NaN])
      expect(() => makeFaultyCable({ box, toHost: { flip: rate } })).toThrow(/^flip rate .* is not in 0…1$/)
    expect(() => makeFaultyCable({ box }).setRates({ drop: 2 })).toThrow(RangeError)
  })
})

describe('a host at another baud rate', () => {
  function talk(hostBaud: number) {
    const box = openBox()
    const cable = makeFaultyCable({ box, hostBaud })
    const said = listenToBox(box)
    const toHost: number[] = []
    cable.onBytes((piece) => void toHost.push(...piece))
    box.advance(1100)
    cable.write(formatLine({ type: 'set-identity', boxId: simulatedBoxId }))
    box.advance(1100)
    return { said, heard: Buffer.from(toHost).toString('latin1'), counts: cable.counts() }
  }

  it('is understood, and understands, up to 3 % beside it', () => {
    for (const percent of [-3, -2, -0.8, 0, 0.8, 2, 3]) {
      const { said, heard, counts } = talk(57_600 * (1 + percent / 100))
      expect(said.at(-1), `${percent} %`).toMatch(/^H,1,3f9c02d7,1,1,1,0,0,0,/)
      expect(heard).toBe(`${said.join('\n')}\n`)
      expect(counts).toMatchObject({ toHost: { broken: 0 }, toBox: { broken: 0 } })
    }
  })

  it('hears and says rubbish at any other common speed, and the box takes no harm', () => {
    for (const baud of [9600, 19_200, 38_400, 74_880, 115_200, 1_000_000]) {
      const { said, heard, counts } = talk(baud)
      expect(
        said.every((line) => line === 'N*48FA'),
        `${baud}: ${said}`,
      ).toBe(true)
      expect(heard.length).toBeGreaterThan(3)
      expect(heard).not.toContain('N*48FA')
      expect(counts.toHost.carried).toBe(7 * said.length)
      expect(counts.toBox.carried).toBe(16)
    }
    expect(talk(38_400).counts.toHost.broken).toBeGreaterThan(0)
    expect(talk(115_200).counts.toBox.broken).toBeGreaterThan(0)
  })

  it('set right again hears every line', () => {
    const box = openKnownBox()
    const cable = makeFaultyCable({ box, hostBaud: 9600 })
    box.advance(1500)
    cable.setHostBaud(57_600)
    let heard = ''
    cable.onBytes((piece) => {
      heard += Buffer.from(piece).toString('latin1')
    })
    box.advance(1000)
    expect(heard).toMatch(/^H,1,[^\n]*\n$/)
    expect(() => cable.setHostBaud(0)).toThrow(RangeError)
  })
})
