/** What the daemon remembers of its line, so that nobody else need open the device to learn it. */
import { Check } from 'typebox/value'
import { describe, expect, it } from 'vitest'
import { LineState } from '../../../src/contracts/http/kiosk.ts'
import { makeLineWatch } from '../../../src/terminal/kiosk-api/line-watch.ts'
import { helloLine } from '../../support/scripted-port.ts'

function openWatch(device: string | null = '/dev/ttyUSB0') {
  let nowMs = 5_000
  const watch = makeLineWatch({ clock: { monoMs: () => nowMs }, device })
  const read = () => {
    const state = watch.read({ counters: { open: 1 }, stuckButtons: [3] })
    expect(Check(LineState, state)).toBe(true)
    return state
  }
  const pass = (ms: number) => {
    nowMs += ms
  }
  return { watch, read, pass }
}

describe('the watch on the line', () => {
  it('says that there is no box until a link speaks', () => {
    const { read, pass } = openWatch(null)
    pass(70)
    expect(read()).toMatchObject({ device: null, state: 'none', inStateMs: 70, trouble: null, lastHello: null })
  })

  it('keeps the last trouble while the state flickers from attempt to attempt', () => {
    const { watch, read, pass } = openWatch()
    watch.noteState('opening', 'opening the port')
    pass(10)
    watch.noteState('down', 'silent for 3000 ms')
    pass(250)
    watch.noteState('opening', 'opening the port')
    pass(5)
    expect(read()).toEqual({
      ...{ device: '/dev/ttyUSB0', state: 'opening', reason: 'opening the port', inStateMs: 5, watchedMs: 265 },
      ...{ trouble: { state: 'down', reason: 'silent for 3000 ms', agoMs: 255 }, lastHello: null },
      ...{ counters: { open: 1 }, stuckButtons: [3] },
    })
  })

  it('tells the last hello with its age', () => {
    const { watch, read, pass } = openWatch()
    const { type: _, ...told } = helloLine({ pending: 2, bad: 5 })
    watch.noteHello({ ...told, change: 'none' })
    pass(400)
    expect(read().lastHello).toEqual({
      ...{ box: '3f9c02d7', boot: 7, cause: 'power-on', next: 42, pending: 2, dropped: 0, bad: 5 },
      ...{ boxNowMs: 61_234, firmware: '1.0.0', ageMs: 400 },
    })
  })
})
