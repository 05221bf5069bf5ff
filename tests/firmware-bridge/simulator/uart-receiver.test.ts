import { describe, expect, it } from 'vitest'
import { makeUartReceiver } from '../../../firmware-bridge/simulator/uart-receiver.ts'

type Heard = { byte: number; isBroken: boolean; atMs: number }

function hear(bytes: readonly number[], senderBaud: number, receiverBaud: number, gapMs = 0): Heard[] {
  const heard: Heard[] = []
  const onFrame = (byte: number, isBroken: boolean, atMs: number) => void heard.push({ byte, isBroken, atMs })
  const receiver = makeUartReceiver({ senderBaud, receiverBaud, onFrame })
  let atMs = 5
  for (const byte of bytes) atMs = receiver.send(byte, atMs) + gapMs
  receiver.settle(atMs + 1000)
  return heard
}

const all = Array.from({ length: 256 }, (_, byte) => byte)
const bytesOf = (heard: Heard[]) => heard.map(({ byte }) => byte)

describe('a UART', () => {
  it('hears every byte at its own speed and up to 4 % beside it, with and without gaps', () => {
    for (const percent of [-4, -2, -0.8, 0, 0.8, 2, 4])
      for (const gapMs of [0, 0.031, 2]) {
        const heard = hear(all, 57_143, 57_143 * (1 + percent / 100), gapMs)
        expect(bytesOf(heard), `${percent} %, ${gapMs} ms`).toEqual(all)
        expect(heard.some(({ isBroken }) => isBroken)).toBe(false)
      }
  })

  it('has a byte in the middle of its stop bit', () => {
    const [first, second] = hear([0x55, 0xaa], 10_000, 10_000)
    expect(first?.atMs).toBeCloseTo(5.95, 6)
    expect(second?.atMs).toBeCloseTo(6.95, 6)
  })

  it('takes at another speed what sampling by hand gives', () => {
    // 0x55 at half the receiver's speed lasts two of its bits each: 0 0, 1 1, 0 0, 1 1, 0 0 …; the tenth is a 0.
    expect(hear([0x55], 10_000, 20_000)[0]).toMatchObject({ byte: 0b0110_0110, isBroken: true })
    // 0x00 at 2.1 times its speed: sampled in the bits 3, 5, 7, 9 (the stop bit) and then on the idle line.
    expect(hear([0x00], 20_000, 9500)[0]).toMatchObject({ byte: 0b1111_1000, isBroken: false })
  })

  it('makes rubbish of other common speeds, some of it without a stop bit', () => {
    const text = [...Buffer.from('H,1,3f9c02d7,7,1,42,1,0,0,61234,1.0.0*8071\n')]
    for (const baud of [9600, 19_200, 38_400, 115_200]) {
      const heard = hear(text, 57_143, baud)
      expect(heard.length).toBeGreaterThan(3)
      const survivors = bytesOf(heard).filter((byte, at) => byte === text[at])
      expect(survivors.length).toBeLessThan(text.length / 4)
    }
    expect(hear(text, 57_143, 38_400).some(({ isBroken }) => isBroken)).toBe(true)
  })

  it('hears no end of a byte before the line has said it', () => {
    const heard: number[] = []
    const receiver = makeUartReceiver({
      senderBaud: 57_600,
      receiverBaud: 9600,
      onFrame: (byte) => void heard.push(byte),
    })
    const endMs = receiver.send(0x00, 0)
    expect(heard).toEqual([])
    receiver.settle(endMs)
    expect(heard).toEqual([])
    receiver.settle(endMs + 2)
    expect(heard).toHaveLength(1)
  })
})
