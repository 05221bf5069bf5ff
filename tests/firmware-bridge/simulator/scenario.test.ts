import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeFaultyCable } from '../../../firmware-bridge/simulator/faulty-cable.ts'
import { loadScenario, parseScenario } from '../../../firmware-bridge/simulator/parse-scenario.ts'
import { runScenario } from '../../../firmware-bridge/simulator/run-scenario.ts'
import type { ScenarioStep } from '../../../firmware-bridge/simulator/scenario.ts'
import { ConfigError } from '../../../src/shared/config-file.ts'
import { findPackageRoot } from '../../../src/shared/package-root.ts'
import { listenToBox, openBox, openKnownBox } from '../../support/box-script.ts'

function faultsOf(scenario: unknown): string[] {
  try {
    parseScenario(typeof scenario === 'string' ? scenario : JSON.stringify(scenario), 'x.json')
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
  return []
}

/** Plays steps on a box that has an identity. */
function play(steps: ScenarioStep[], seed = 1) {
  const box = openKnownBox({ seed })
  const said = listenToBox(box)
  const run = runScenario({ box, scenario: { steps }, seed })
  return { box, said, run, committed: box.committed() }
}

describe('a scenario file', () => {
  it('is read with every kind of step', () => {
    const steps: ScenarioStep[] = [
      { do: 'wait', ms: 100, note: 'until it is up' },
      { do: 'press', button: 1, holdMs: 80, bounceMs: 5, atMs: 200.5 },
      { do: 'chord', buttons: [1, 2], gapMs: 10 },
      { do: 'hold', button: 3 },
      { do: 'release', button: 3, bounceMs: 4 },
      { do: 'jumble', presses: 3, gapMs: [10, 20], holdMs: [50, 60], bounceMs: [0, 5] },
      { do: 'power-cut', offMs: 300, tear: false },
      { do: 'power-cut', inWrite: 3, share: 0.25 },
      { do: 'power-off' },
      { do: 'power-on' },
      { do: 'reset' },
      { do: 'unplug' },
      { do: 'plug' },
      { do: 'mute', direction: 'toBox' },
      { do: 'unmute' },
      { do: 'noise', drop: 0.01, direction: 'toHost' },
      { do: 'baud', rate: 9600 },
      { do: 'say', line: 'W' },
    ]
    const dir = mkdtempSync(join(tmpdir(), 'smilepost-scenario-'))
    const path = join(dir, 'all.json')
    writeFileSync(path, JSON.stringify({ about: 'all of them', steps }))
    expect(loadScenario(path).steps).toEqual(steps)
    rmSync(dir, { recursive: true })
    expect(() => loadScenario(path)).toThrow(/all\.json: 1 fault\n {2}cannot be read/)
  })

  it('with faults names each by the number of its step and its key', () => {
    const steps = [
      { do: 'press', button: 5 },
      { do: 'pres', button: 1 },
      { do: 'press', buttom: 1 },
      { do: 'wait', ms: '1000' },
      { do: 'jumble', presses: 2, gapMs: [30, 20] },
      { do: 'reset', atMs: 100 },
      { do: 'reset', atMs: 50 },
      7,
    ]
    const faults = faultsOf({ steps })
    expect(faults).toEqual([
      'step 1 (press), button: must be <= 4',
      expect.stringMatching(/^step 2, do: must be one of wait, press, chord, /),
      'step 3 (press), buttom: unknown key; there are atMs, note, button, holdMs, bounceMs',
      'step 3 (press), button: missing',
      'step 4 (wait), ms: must be number',
      'step 5 (jumble), gapMs: from is more than to',
      'step 8: must be an object',
      'step 7, atMs: 50 is before 100 of an earlier step',
    ])
  })

  it('of the guide is one, and runs', () => {
    const guide = readFileSync(join(findPackageRoot(import.meta.url), 'firmware-bridge/simulator/README.md'), 'utf8')
    const scenario = parseScenario(/```json\n([\s\S]*?)```/.exec(guide)?.[1] ?? '', 'README.md')
    const box = openBox()
    const run = runScenario({ box, scenario })
    expect(run.armed()).toBe(0)
    expect(box.committed().length).toBeGreaterThan(6)
    expect(box.committed().some(({ flags }) => flags.stuck)).toBe(true)
  })

  it('that is no scenario at all says so', () => {
    expect(faultsOf('{')[0]).toMatch(/^not JSON: /)
    expect(faultsOf([])).toEqual(['must be an object with steps'])
    expect(faultsOf({ steps: [] })).toEqual(['steps: must be a list of at least one step'])
    expect(faultsOf({ stepps: [], about: 1 })).toHaveLength(3)
    expect(faultsOf({ steps: [{ do: '__proto__' }] })[0]).toMatch(/^step 1, do: must be one of/)
  })
})

describe('a scenario', () => {
  it('presses, bouncing, and counts each once', () => {
    const { committed, run } = play([
      { do: 'press', button: 2, bounceMs: 8 },
      { do: 'wait', ms: 100 },
      { do: 'press', button: 4, holdMs: 60, bounceMs: 8 },
    ])
    expect(committed.map(({ button }) => button)).toEqual([2, 4])
    expect(run.pressed()).toBe(2)
  })

  it('presses chords, which the box flags', () => {
    const { committed } = play([{ do: 'chord', buttons: [1, 3], gapMs: 5 }])
    expect(committed.map(({ button, flags }) => [button, flags.chord])).toEqual([
      [1, true],
      [3, true],
    ])
  })

  it('holds a button until the box calls it stuck, and over a power cut until it does not count', () => {
    const stuck = play([
      { do: 'hold', button: 2 },
      { do: 'wait', ms: 11_000 },
      { do: 'release', button: 2 },
    ])
    expect(stuck.committed.map(({ flags }) => flags.stuck)).toEqual([false, true])
    const over = play([
      { do: 'hold', button: 2 },
      { do: 'wait', ms: 200 },
      { do: 'power-cut', offMs: 300 },
      { do: 'wait', ms: 500 },
      { do: 'release', button: 2 },
      { do: 'wait', ms: 200 },
      { do: 'press', button: 1 },
    ])
    expect(over.committed.map(({ button }) => button)).toEqual([2, 1])
  })

  it('cuts power in the midst of a press, by its time', () => {
    const steps = (atMs: number): ScenarioStep[] => [
      { do: 'press', button: 3, atMs: 100 },
      { do: 'power-cut', atMs },
      { do: 'wait', ms: 1500 },
    ]
    // Accepted after 10 ms, then some 15 ms of EEPROM.
    expect(play(steps(105)).committed).toHaveLength(0)
    expect(play(steps(118)).committed).toHaveLength(0)
    const late = play(steps(160))
    expect(late.committed).toHaveLength(1)
    expect(late.said.some((line) => /^H,1,3f9c02d7,2,1,2,1,/.test(line))).toBe(true)
  })

  it('cuts power in a given byte of EEPROM, torn or finished', () => {
    const cut = (inWrite: number, tear: boolean, share: number) => {
      const { box, run } = play([
        { do: 'power-cut', inWrite, share, tear },
        { do: 'press', button: 3 },
        { do: 'wait', ms: 1500 },
      ])
      expect(run.armed()).toBe(0)
      return box
    }
    const erased = openKnownBox().eeprom()
    const changed = (eeprom: Uint8Array) =>
      Array.from(eeprom).flatMap((byte, at) => (at >= 0x20 && byte !== erased[at] ? [at] : []))
    // The first press goes to slot 1; what differs from an erased cell is written: sequence, press byte, CRC.
    expect(changed(cut(1, false, 0.5).eeprom())).toEqual([0x28])
    expect(cut(1, false, 0.5).eeprom()[0x28]).toBe(1)
    expect(cut(1, true, 0.1).eeprom()[0x28]).not.toBe(1)
    const commits = [1, 2, 3, 4, 5, 6, 7].map((inWrite) => cut(inWrite, false, 0.5).committed().length)
    expect(commits.indexOf(1)).toBe(6)
  })

  it('says that an armed cut has not come', () => {
    expect(
      play([
        { do: 'power-cut', inWrite: 1 },
        { do: 'wait', ms: 100 },
      ]).run.armed(),
    ).toBe(1)
  })

  it('mutes, disturbs and speaks through the cable, resets, pulls and plugs', () => {
    const box = openBox()
    const cable = makeFaultyCable({ box })
    const pulled: string[] = []
    const plug = { unplug: () => pulled.push('unplug'), plug: () => pulled.push('plug') }
    const names: string[] = []
    const steps: ScenarioStep[] = [
      { do: 'wait', ms: 100 },
      { do: 'mute', direction: 'toBox' },
      { do: 'say', line: 'S,00000001' },
      { do: 'unmute' },
      { do: 'noise', flip: 1, direction: 'toBox' },
      { do: 'say', line: 'S,00000002' },
      { do: 'noise' },
      { do: 'baud', rate: 9600 },
      { do: 'say', line: 'S,00000003' },
      { do: 'wait', ms: 100 },
      { do: 'baud', rate: 57_600 },
      { do: 'say', line: 'W', note: 'its newline ends the rubbish' },
      { do: 'say', line: 'S,00000004' },
      { do: 'wait', ms: 100 },
      { do: 'unplug' },
      { do: 'reset' },
      { do: 'plug' },
      { do: 'wait', ms: 100 },
      { do: 'power-off', tear: false },
      { do: 'wait', ms: 100 },
      { do: 'power-on' },
    ]
    const said = listenToBox(box)
    runScenario({ box, cable, plug, scenario: { steps }, onStep: (step) => void names.push(step.do) })
    expect(names).toEqual(steps.map((step) => step.do))
    expect(pulled).toEqual(['unplug', 'plug'])
    expect(cable.counts().toBox).toMatchObject({ muted: 16, flipped: 16 })
    // Only the last identity came through; boots 1, after the reset 2, after the power cut 3.
    expect(said.at(-1)).toMatch(/^H,1,00000004,3,1,/)
    expect(said.some((line) => line.startsWith('H,1,00000004,2,2,'))).toBe(true)
  })

  it('is the same bit for bit from the same seed and EEPROM, in whatever steps time passes', () => {
    const steps: ScenarioStep[] = [
      { do: 'jumble', presses: 5, gapMs: [20, 120] },
      { do: 'power-cut', inWrite: 4, share: 0.3 },
      { do: 'jumble', presses: 3, gapMs: [20, 120] },
      { do: 'power-cut', offMs: 123.4 },
      { do: 'say', line: 'A,3f9c02d7,2,0' },
      { do: 'chord', buttons: [1, 4], bounceMs: 6 },
      { do: 'noise', drop: 0.1 },
      { do: 'reset' },
      { do: 'jumble', presses: 3, gapMs: [20, 120] },
    ]
    const { box: before } = play([{ do: 'press', button: 2 }])
    const eeprom = before.eeprom()
    const live = (seed: number, stepMs: number) => {
      const box = openBox({ eeprom, seed })
      const run = runScenario({ box, scenario: { steps }, seed, stepMs })
      return { eeprom: Buffer.from(box.eeprom()).toString('hex'), committed: box.committed(), pressed: run.pressed() }
    }
    const first = live(5, 100)
    expect(first.committed.length).toBeGreaterThan(8)
    expect(first.pressed).toBe(13)
    expect(live(5, 0.7)).toEqual(first)
    expect(live(5, 900)).toEqual(first)
    expect(live(6, 100)).not.toEqual(first)
  }, 60_000)
})
