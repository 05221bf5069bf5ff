import Type, { type Static } from 'typebox'

const closed = { additionalProperties: false }
const Ms = Type.Number({ minimum: 0, maximum: 86_400_000 })
const Bounce = Type.Number({ minimum: 0, maximum: 1000 })
const Button = Type.Integer({ minimum: 1, maximum: 4 })
const Share = Type.Number({ minimum: 0, maximum: 1 })
const Direction = Type.Union([Type.Literal('toHost'), Type.Literal('toBox')])
const Range = Type.Tuple([Ms, Ms])

/**
 * `atMs`: simulated time since the beginning of the scenario, with fractions; not before that of an earlier step. It
 * may lie within the step before (a power cut in the midst of a press). Without it a step begins when the one before
 * is over: a press, when its contact has come to rest.
 */
const every = { atMs: Type.Optional(Ms), note: Type.Optional(Type.String()) }
const step = <D extends string, P extends Record<string, Type.TSchema>>(name: D, properties: P) =>
  Type.Object({ do: Type.Literal(name), ...every, ...properties }, closed)

const shape = { holdMs: Type.Optional(Ms), bounceMs: Type.Optional(Bounce) }

/** All times in ms. What is optional says its default. */
export const scenarioSteps = {
  wait: step('wait', { ms: Ms }),
  /** Held 120, no bounce. */
  press: step('press', { button: Button, ...shape }),
  /** Several buttons, each `gapMs` (10) after the one before. */
  chord: step('chord', {
    buttons: Type.Array(Button, { minItems: 2, maxItems: 4 }),
    gapMs: Type.Optional(Ms),
    ...shape,
  }),
  /** Down until it is released: stuck after 10 s, or held over a power cut. */
  hold: step('hold', { button: Button, bounceMs: Type.Optional(Bounce) }),
  release: step('release', { button: Button, bounceMs: Type.Optional(Bounce) }),
  /** Random presses: from–to of the gap before each (40–400), of its hold (50–200) and of its bounce (0–8). */
  jumble: step('jumble', {
    presses: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
    gapMs: Type.Optional(Range),
    holdMs: Type.Optional(Range),
    bounceMs: Type.Optional(Range),
  }),
  /**
   * Power goes at once and is back after `offMs` (500); a byte that is being written to EEPROM stays torn unless
   * `tear` is false. With `inWrite` the cut is armed, and the script goes on: power goes in the n-th byte (from 1) that
   * the EEPROM writes from then on, when `share` (0.5) of its time has passed.
   */
  'power-cut': step('power-cut', {
    offMs: Type.Optional(Ms),
    tear: Type.Optional(Type.Boolean()),
    inWrite: Type.Optional(Type.Integer({ minimum: 1 })),
    share: Type.Optional(Share),
  }),
  'power-off': step('power-off', { tear: Type.Optional(Type.Boolean()) }),
  'power-on': step('power-on', {}),
  /** The reset pin. */
  reset: step('reset', {}),
  /** The host's end of the cable. */
  unplug: step('unplug', {}),
  plug: step('plug', {}),
  /** Without a direction both. */
  mute: step('mute', { direction: Type.Optional(Direction) }),
  unmute: step('unmute', { direction: Type.Optional(Direction) }),
  /** Rates for each byte, 0 where nothing is said; without a direction both. */
  noise: step('noise', {
    drop: Type.Optional(Share),
    flip: Type.Optional(Share),
    insert: Type.Optional(Share),
    direction: Type.Optional(Direction),
  }),
  /** What the host has set its port to. */
  baud: step('baud', { rate: Type.Number({ minimum: 300, maximum: 4_000_000 }) }),
  /** A line of the host, through the cable; its CRC and newline are added. */
  say: step('say', { line: Type.String({ maxLength: 90 }) }),
} as const

export type StepName = keyof typeof scenarioSteps
type StepOf<Name extends StepName> = Static<(typeof scenarioSteps)[Name]>
export type ScenarioStep = { [Name in StepName]: StepOf<Name> }[StepName]

/** What happens to a box, in the order of time. */
export type Scenario = { about?: string; steps: readonly ScenarioStep[] }
