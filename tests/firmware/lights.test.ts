import { describe, expect, it } from 'vitest'
import { readBoxHex } from '../../firmware-bridge/simulator/box-hex.ts'
import { makeEeprom, rigBoxId } from './image-rig.ts'
import { type Glow, type LightName, openPinRig, type PinRig } from './pin-rig.ts'
import { framed } from './read-line.ts'

/** PROTOCOL.md §12 in each mode of §6 `L`, measured at the pins of the real image. */

const hex = readBoxHex()
const modes = [
  { mode: 0, name: 'normal' },
  { mode: 1, name: 'dim' },
  { mode: 2, name: 'quiet' },
] as const
type Mode = (typeof modes)[number]['mode']

function open(mode: Mode, eeprom = makeEeprom({})): PinRig {
  const rig = openPinRig(hex, eeprom)
  rig.run(100)
  rig.say(framed(`L,${mode}`))
  rig.run(20)
  rig.forget()
  return rig
}

function press(rig: PinRig): void {
  rig.setClosed(1)
  rig.run(60)
  rig.setClosed(0)
}

/** Normal: lit throughout. Else about an eighth of the time, which a short glow meets only roughly. */
function expectBrightness(mode: Mode, glow: Glow): void {
  if (mode === 0) expect(glow.duty).toBeGreaterThan(0.999)
  else if (glow.ms > 200) expect(Math.abs(glow.duty - 1 / 8)).toBeLessThan(0.01)
  else expect(glow.duty).toBeLessThan(0.25)
}

/** A dimmed glow begins and ends at one of the milliseconds that are lit, one in eight. */
function expectGlow(mode: Mode, glow: Glow | undefined, ms: number): void {
  expect(glow).toBeDefined()
  if (!glow) return
  expect(Math.abs(glow.ms - ms)).toBeLessThanOrEqual(mode === 0 ? 2 : 10)
  expectBrightness(mode, glow)
}

/** Glows in a steady rhythm, except the ones that the watching cut at its ends. */
function expectRhythm(mode: Mode, glows: readonly Glow[], onMs: number, everyMs: number): void {
  const whole = glows.slice(1, -1)
  expect(whole.length).toBeGreaterThanOrEqual(3)
  for (const [index, glow] of whole.entries()) {
    expectGlow(mode, glow, onMs)
    const next = whole[index + 1]
    if (next) expect(Math.abs(next.fromMs - glow.fromMs - everyMs)).toBeLessThanOrEqual(mode === 0 ? 3 : 10)
  }
}

const dark = (rig: PinRig, ...lights: LightName[]) => {
  for (const light of lights) expect(rig.glows(light), light).toEqual([])
}

describe.each(modes)('lights in mode $name', ({ mode }) => {
  it('answers a press: amber for 40 ms, green for 600 ms after the commit', () => {
    const rig = open(mode)
    press(rig)
    rig.run(900)
    const [tick, ...moreTicks] = rig.glows('amber')
    const [green, ...moreGreens] = rig.glows('green')
    expectGlow(mode, tick, 40)
    expectGlow(mode, green, 600)
    expect([...moreTicks, ...moreGreens]).toEqual([])
    expect((green?.fromMs ?? 0) - (tick?.fromMs ?? 0)).toBeGreaterThan(mode === 0 ? 3 : 0)
    dark(rig, 'red')
  })

  it('answers a refused press: red for 800 ms', () => {
    const presses = Array.from({ length: 124 }, (_, index) => ({ sequence: index + 1 }))
    const rig = open(mode, makeEeprom({ presses }))
    press(rig)
    rig.run(1100)
    expect(rig.glows('red').length).toBe(1)
    expectGlow(mode, rig.glows('red')[0], 800)
    dark(rig, 'green')
  })

  it('ends the green of the press before at the next one', () => {
    const rig = open(mode)
    press(rig)
    rig.run(200)
    const before = rig.glows('green').length
    press(rig)
    rig.run(800)
    const [first, second] = rig.glows('green')
    expect([before, rig.glows('green').length]).toEqual([1, 2])
    expect(first?.ms).toBeLessThan(300)
    expectGlow(mode, second, 600)
  })

  it('blinks amber slowly when nothing was taken for 5 s, but not when quiet', () => {
    const rig = open(mode, makeEeprom({ presses: [{ sequence: 1 }] }))
    rig.run(4700)
    dark(rig, 'green', 'amber', 'red')
    rig.run(6000)
    if (mode === 2) dark(rig, 'amber')
    else expectRhythm(mode, rig.glows('amber'), 250, 1000)
    rig.say(framed(`A,${rigBoxId},1,0`))
    rig.run(20)
    rig.forget()
    rig.run(2000)
    dark(rig, 'green', 'amber', 'red')
  })

  it('blinks amber fast after status 2 until a status 0, but not when quiet', () => {
    const rig = open(mode, makeEeprom({ presses: [{ sequence: 1 }] }))
    rig.say(framed(`A,${rigBoxId},1,2`))
    rig.run(3200)
    if (mode === 2) dark(rig, 'amber')
    else expectRhythm(mode, rig.glows('amber'), 250, 500)
    rig.say(framed(`A,${rigBoxId},1,0`))
    rig.run(20)
    rig.forget()
    rig.run(1000)
    dark(rig, 'green', 'amber', 'red')
  })

  it('flashes red for 50 ms each second without an identity, but not when quiet', () => {
    const rig = open(mode, makeEeprom({ boxId: '' }))
    rig.run(5500)
    if (mode === 2) dark(rig, 'red')
    else expectRhythm(mode, rig.glows('red'), 50, 1000)
    dark(rig, 'green', 'amber')
  })
})

describe('the mode of the lights', () => {
  it('is normal after a boot, whatever it was before', () => {
    const eeprom = makeEeprom({})
    for (const { mode } of modes) open(mode, eeprom)
    const rig = openPinRig(hex, eeprom)
    rig.run(100)
    press(rig)
    rig.run(800)
    expectGlow(0, rig.glows('green')[0], 600)
  })

  it('changes at once, also in the middle of a light', () => {
    const rig = open(0)
    press(rig)
    rig.run(100)
    rig.say(framed('L,1'))
    rig.run(10)
    rig.forget()
    rig.run(300)
    const [rest] = rig.glows('green')
    expect(rest).toBeDefined()
    if (rest) expectBrightness(1, rest)
  })
})
