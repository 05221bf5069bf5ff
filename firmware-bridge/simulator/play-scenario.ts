import type { ButtonNumber } from '../line/box-line.ts'
import { crc16 } from '../line/crc16.ts'
import { type FaultyCable, makeFaultyCable } from './faulty-cable.ts'
import type { Scenario, ScenarioStep, StepName } from './scenario.ts'
import { makeSeededRandom, type Random } from './seeded-random.ts'
import type { SimulatedBox } from './simulated-box.ts'

/** The host's end of a cable, to be pulled and put back. */
type Plug = { unplug(): unknown; plug(): unknown }

export type ScenarioOptions = {
  box: SimulatedBox
  scenario: Scenario
  /** For what the scenario leaves to chance. */
  seed?: number
  /** The one that the host hangs on; one of its own without. */
  cable?: FaultyCable
  /** Nothing is pulled without. */
  plug?: Plug
  /** A step begins; `number` from 1. */
  onStep?: (step: ScenarioStep, number: number) => void
  onDone?: () => void
}

export type ScenarioRun = {
  isDone(): boolean
  /** Contacts that were pressed or held, so far. */
  pressed(): number
  /** Power cuts that were armed and have not come, since the EEPROM wrote no such byte. */
  armed(): number
}

/**
 * Plays a scenario on a box from now on, in simulated time: whoever advances the box lets it happen.
 *
 * The same scenario, seeds and EEPROM without a host give the same box bit for bit, in whatever steps time passes.
 */
export function playScenario(options: ScenarioOptions): ScenarioRun {
  const { box, scenario, seed = 1, cable = makeFaultyCable({ box, seed }), onStep, onDone } = options
  const stage: Stage = {
    ...{ box, cable, plug: options.plug ?? { unplug: () => {}, plug: () => {} } },
    ...{ random: makeSeededRandom(seed ^ 0x2545_f491), pressed: 0, armed: 0 },
  }
  const beganAtMs = box.nowMs()
  let isDone = false

  function begin(index: number): void {
    const step = scenario.steps[index]
    if (!step) {
      isDone = true
      onDone?.()
      return
    }
    onStep?.(step, index + 1)
    const overInMs = act(stage, step)
    const next = scenario.steps[index + 1]
    const inMs = next?.atMs === undefined ? overInMs : beganAtMs + next.atMs - box.nowMs()
    box.after(Math.max(0, inMs), () => begin(index + 1))
  }

  box.after(scenario.steps[0]?.atMs ?? 0, () => begin(0))
  return { isDone: () => isDone, pressed: () => stage.pressed, armed: () => stage.armed }
}

type Stage = {
  box: SimulatedBox
  cable: FaultyCable
  plug: Plug
  random: Random
  pressed: number
  armed: number
}

type StepOf<Name extends StepName> = Extract<ScenarioStep, { do: Name }>

/** What each step does; returns in how many ms it is over. */
const actions: { [Name in StepName]: (stage: Stage, step: StepOf<Name>) => number } = {
  wait: (_stage, { ms }) => ms,
  press: (stage, step) => press(stage, step.button, step),
  chord,
  hold(stage, { button, bounceMs = 0 }) {
    stage.pressed++
    stage.box.hold(button as ButtonNumber, bounceMs)
    return bounceMs
  },
  release({ box }, { button, bounceMs = 0 }) {
    box.release(button as ButtonNumber, bounceMs)
    return bounceMs
  },
  jumble,
  'power-cut': cutPower,
  'power-off': ({ box }, { tear = true }) => atOnce(box.powerOff({ tear })),
  'power-on': ({ box }) => atOnce(box.powerOn()),
  reset: ({ box }) => atOnce(box.reset()),
  unplug: ({ plug }) => atOnce(plug.unplug()),
  plug: ({ plug }) => atOnce(plug.plug()),
  mute: ({ cable }, { direction }) => atOnce(cable.setMuted(true, direction)),
  unmute: ({ cable }, { direction }) => atOnce(cable.setMuted(false, direction)),
  noise: ({ cable }, { drop = 0, flip = 0, insert = 0, direction }) =>
    atOnce(cable.setRates({ drop, flip, insert }, direction)),
  baud: ({ cable }, { rate }) => atOnce(cable.setHostBaud(rate)),
  say: ({ cable }, { line }) => atOnce(cable.write(`${line}*${formatCrc(line)}\n`)),
}

const atOnce = (_done: unknown): number => 0
const formatCrc = (body: string) => crc16(body).toString(16).toUpperCase().padStart(4, '0')

function act<Name extends StepName>(stage: Stage, step: StepOf<Name>): number {
  const action = actions[step.do as Name] as (stage: Stage, step: StepOf<Name>) => number
  return action(stage, step)
}

function press(stage: Stage, button: number, shape: { holdMs?: number; bounceMs?: number }): number {
  const { holdMs = 120, bounceMs = 0 } = shape
  stage.pressed++
  return stage.box.press(button as ButtonNumber, { holdMs, bounceMs }) - stage.box.nowMs()
}

function chord(stage: Stage, step: StepOf<'chord'>): number {
  const { buttons, gapMs = 10, holdMs = 120, bounceMs = 0 } = step
  for (const [index, button] of buttons.entries())
    stage.box.after(index * gapMs, () => void press(stage, button, { holdMs, bounceMs }))
  return (buttons.length - 1) * gapMs + holdMs + 2 * bounceMs
}

/** Drawn all at once, so that what else happens meanwhile does not change it. */
function jumble(stage: Stage, step: StepOf<'jumble'>): number {
  const { presses, gapMs = [40, 400], holdMs = [50, 200], bounceMs = [0, 8] } = step
  const { box, random } = stage
  const draw = ([from, to]: readonly [number, number]) => from + random() * (to - from)
  let atMs = 0
  for (let index = 0; index < presses; index++) {
    const button = 1 + Math.floor(random() * 4)
    const shape = { holdMs: draw(holdMs), bounceMs: draw(bounceMs) }
    atMs += draw(gapMs)
    box.after(atMs, () => void press(stage, button, shape))
    atMs += shape.holdMs + 2 * shape.bounceMs
  }
  return atMs
}

function cutPower(stage: Stage, step: StepOf<'power-cut'>): number {
  const { box } = stage
  const { offMs = 500, tear = true, inWrite, share = 0.5 } = step
  if (inWrite === undefined) {
    box.cutPowerAfter(0, { offMs, tear })
    return offMs
  }
  stage.armed++
  let left = inWrite
  const disarm = box.onEepromWrite((_address, takesMs) => {
    if (--left > 0) return
    disarm()
    stage.armed--
    box.cutPowerAfter(share * takesMs, { offMs, tear })
  })
  return 0
}
