import { describe, expect, it } from 'vitest'
import { formatLine } from '../../../firmware-bridge/line/format-line.ts'
import { parseBoxLine } from '../../../firmware-bridge/line/parse-line.ts'
import type { SimulatedBox } from '../../../firmware-bridge/simulator/simulated-box.ts'
import { buttonAt, listenToBox, openBox, openKnownBox, simulatedBoxId } from '../../support/box-script.ts'

function ack(box: SimulatedBox, sequence: number): void {
  box.write(formatLine({ type: 'ack', boxId: simulatedBoxId, sequence, status: 'committed' }))
}

describe('the simulated box', () => {
  it('asks for an identity, takes one, and says hello every second', () => {
    const box = openBox()
    const lines = listenToBox(box)
    box.advance(2500)
    expect(lines).toEqual(['N*48FA', 'N*48FA', 'N*48FA'])
    box.write(formatLine({ type: 'set-identity', boxId: simulatedBoxId }))
    box.advance(3000)
    const hellos = lines.slice(3).map(parseBoxLine)
    expect(hellos.length).toBeGreaterThanOrEqual(3)
    for (const hello of hellos)
      expect(hello).toMatchObject({ ok: true, line: { type: 'hello', boxId: simulatedBoxId, bootNumber: 1 } })
  })

  it('tells a press only after its commit: tick, commit, green, line', () => {
    const events: string[] = []
    const box = openKnownBox({
      onCommit: () => events.push('commit'),
      onLights: (lights) =>
        events.push(
          Object.entries(lights)
            .flatMap(([name, lit]) => (lit ? name : []))
            .join('+'),
        ),
    })
    box.onBytes((bytes) => Buffer.from(bytes).toString('latin1').startsWith('E') && events.push('line'))
    events.length = 0
    box.press(2, { bounceMs: 6 })
    box.advance(100)
    expect(events).toEqual(['amber', 'commit', 'green+amber', 'line', 'green'])
    expect(box.committed()).toMatchObject([{ boxId: simulatedBoxId, sequence: 1, button: 2 }])
  })

  it('counts each bouncing press once', () => {
    const box = openKnownBox({ seed: 5 })
    for (let index = 0; index < 40; index++) {
      box.press(buttonAt(index), { holdMs: 60, bounceMs: 7 })
      box.advance(150)
    }
    expect(box.committed().map(({ sequence, button }) => [sequence, button])).toEqual(
      Array.from({ length: 40 }, (_, index) => [index + 1, buttonAt(index)]),
    )
  })

  it('keeps undelivered presses over a power cut and sends them again', () => {
    const box = openKnownBox()
    box.press(3)
    box.advance(300)
    box.powerOff()
    box.advance(5000)
    const lines = listenToBox(box)
    box.powerOn()
    box.advance(200)
    const [hello, press] = lines.map(parseBoxLine)
    expect(hello).toMatchObject({ line: { type: 'hello', bootNumber: 2, nextSequence: 2, pending: 1 } })
    expect(press).toMatchObject({ line: { type: 'press', sequence: 1, button: 3, ageMs: null } })
  })

  it('forgets a press once it is acknowledged', () => {
    const box = openKnownBox()
    box.press(1)
    box.advance(200)
    ack(box, 1)
    box.advance(200)
    const lines = listenToBox(box)
    box.advance(10_000)
    expect(lines.filter((line) => line.startsWith('E'))).toEqual([])
    expect(lines.length).toBeGreaterThanOrEqual(9)
  })

  it('does not count a button that is held across a power cut', () => {
    const box = openKnownBox()
    box.hold(4)
    box.advance(200)
    expect(box.committed()).toHaveLength(1)
    box.powerOff()
    box.powerOn()
    box.advance(500)
    box.release(4)
    box.advance(500)
    expect(box.committed()).toHaveLength(1)
    box.press(4)
    box.advance(500)
    expect(box.committed()).toHaveLength(2)
  })

  it('lights red and commits nothing without an identity', () => {
    const box = openBox()
    box.advance(500)
    box.press(1)
    box.advance(100)
    expect(box.lights().red).toBe(true)
    expect(box.committed()).toEqual([])
  })

  it('hears nothing while it is off, and loses the byte that was on its way', () => {
    const box = openKnownBox()
    box.press(1)
    box.advance(200)
    box.powerOff()
    ack(box, 1)
    box.advance(100)
    const lines = listenToBox(box)
    box.powerOn()
    box.advance(200)
    expect(lines.some((line) => line.startsWith('E'))).toBe(true)
  })

  it('tells the reset pin from power', () => {
    const box = openKnownBox()
    const lines = listenToBox(box)
    box.reset()
    box.advance(100)
    expect(parseBoxLine(lines[0] ?? '')).toMatchObject({ line: { bootNumber: 2, resetCause: 'reset-pin' } })
    box.powerOff()
    box.powerOn()
    box.advance(100)
    expect(parseBoxLine(lines[1] ?? '')).toMatchObject({ line: { bootNumber: 3, resetCause: 'power-on' } })
  })

  it('shows dimmed lights as lit', () => {
    const box = openKnownBox()
    box.write(formatLine({ type: 'lights', mode: 'dim' }))
    box.advance(20)
    const seen: string[] = []
    box.press(1)
    for (let i = 0; i < 400; i++) {
      box.advance(1)
      if (box.lights().green) seen.push('green')
    }
    expect(seen.length).toBeGreaterThan(300)
  })
})

describe('without a host', () => {
  function liveALife(seed: number, stepMs: number): { bytes: string; eeprom: Buffer; commits: readonly unknown[] } {
    const box = openKnownBox({ seed })
    let bytes = ''
    box.onBytes((piece) => {
      bytes += `${box.nowMs()} ${Buffer.from(piece).toString('latin1')}`
    })
    for (let index = 0; index < 6; index++) {
      box.press(buttonAt(index), { holdMs: 80, bounceMs: 8 })
      if (index === 3) {
        box.advance(20)
        box.powerOff()
        box.advance(300)
        box.powerOn()
        box.advance(480)
      } else for (let ms = 0; ms < 800; ms += stepMs) box.advance(stepMs)
    }
    return { bytes, eeprom: Buffer.from(box.eeprom()), commits: box.committed() }
  }

  it('is the same bit for bit from the same seed, in whatever steps time passes', () => {
    const life = liveALife(7, 800)
    expect(life.commits.length).toBeGreaterThan(3)
    expect(liveALife(7, 800)).toEqual(life)
    const stepped = liveALife(7, 1)
    expect(stepped.eeprom).toEqual(life.eeprom)
    expect(stepped.commits).toEqual(life.commits)
    expect(liveALife(8, 800).commits).not.toEqual(life.commits)
  })

  it('carries on from a given EEPROM', () => {
    const before = openKnownBox()
    before.press(2)
    before.advance(500)
    const after = openBox({ eeprom: before.eeprom() })
    const lines = listenToBox(after)
    after.advance(100)
    expect(parseBoxLine(lines[0] ?? '')).toMatchObject({
      line: { boxId: simulatedBoxId, bootNumber: 2, nextSequence: 2, pending: 1 },
    })
  })
})

it('has committed what it tells, and tells what it has committed, when power is cut at any moment of a press', () => {
  const erased = openKnownBox()
  const counts = new Set<number>()
  for (let cutAtMs = 0; cutAtMs < 30; cutAtMs += 0.9) {
    const box = openBox({ eeprom: erased.eeprom(), seed: Math.round(cutAtMs * 10) })
    box.advance(60)
    box.press(3)
    box.advance(cutAtMs)
    box.powerOff()
    box.setClosed([])
    const lines = listenToBox(box)
    box.powerOn()
    box.advance(60)
    const told = lines.map(parseBoxLine).flatMap((parsed) => (parsed.ok ? parsed.line : []))
    const presses = told.flatMap((line) => (line.type === 'press' ? [line] : []))
    expect(presses.map(({ sequence, button }) => [sequence, button])).toEqual(
      box.committed().map(({ sequence, button }) => [sequence, button]),
    )
    expect(told[0]).toMatchObject({ type: 'hello', nextSequence: 1 + presses.length })
    counts.add(presses.length)
  }
  expect(counts).toEqual(new Set([0, 1]))
})

it('logs a press whose last byte was whole already when its write was cut', () => {
  const erased = openKnownBox().eeprom()
  const openAndPress = () => {
    const box = openBox({ eeprom: erased })
    box.advance(60)
    box.press(3)
    return box
  }
  const uncut = openAndPress()
  uncut.advance(60)
  const [commit] = uncut.committed()
  const box = openAndPress()
  box.advance((commit?.atMs ?? 0) - box.nowMs() - 0.01)
  expect(box.committed()).toEqual([])
  box.powerOff()
  expect(box.eeprom()).toEqual(uncut.eeprom())
  expect(box.committed()).toMatchObject([{ sequence: 1, button: 3 }])
  const lines = listenToBox(box)
  box.powerOn()
  box.advance(60)
  expect(lines.filter((line) => line.startsWith('E,3f9c02d7,1,3,-,0')).length).toBeGreaterThan(0)
})

it('takes a byte without a stop bit for a zero, which spoils its line and no other', () => {
  const box = openKnownBox()
  const said = listenToBox(box)
  for (const byte of Buffer.from('W*CBE2\n')) {
    box.receive(byte, byte === 0x2a)
    box.advance(1)
  }
  box.write('W*CBE2\n')
  box.advance(1100)
  expect(said.at(-1)).toMatch(/^H,1,3f9c02d7,1,1,1,0,0,1,/)
})

it('loses power after a given time, whatever it is doing, and has it back after another', () => {
  const box = openKnownBox()
  const changes: [boolean, number][] = []
  const startMs = box.nowMs()
  box.onPower((isOn) => void changes.push([isOn, Math.round((box.nowMs() - startMs) * 100) / 100]))
  box.cutPowerAfter(12.34, { offMs: 56.78 })
  box.advance(200)
  expect(changes).toEqual([
    [false, 12.34],
    [true, 69.12],
  ])
})

it('tells when it writes a byte to EEPROM, and for how long', () => {
  const box = openKnownBox()
  const writes: [number, number][] = []
  box.onEepromWrite((address, takesMs) => void writes.push([address, takesMs]))
  box.press(1)
  box.advance(100)
  // The first press, in slot 1: bytes that are right already are skipped, but not the last, which commits.
  expect(writes.every(([address]) => address >= 0x28 && address < 0x30)).toBe(true)
  expect(writes.at(-1)?.[0]).toBe(0x2f)
  expect(writes.every(([, takesMs]) => takesMs === 1.8 || takesMs === 3.6)).toBe(true)
})
