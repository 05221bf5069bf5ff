import { readBoxHex } from '../../../firmware-bridge/simulator/box-hex.ts'
import { type BoxPty, openBoxPty } from '../../../firmware-bridge/simulator/box-pty.ts'
import type { CommittedPress } from '../../../firmware-bridge/simulator/commit-log.ts'
import { loadEeprom, saveEeprom } from '../../../firmware-bridge/simulator/eeprom-file.ts'
import { type FaultyCable, makeFaultyCable } from '../../../firmware-bridge/simulator/faulty-cable.ts'
import { playScenario } from '../../../firmware-bridge/simulator/play-scenario.ts'
import { runInRealTime } from '../../../firmware-bridge/simulator/run-in-real-time.ts'
import type { Scenario } from '../../../firmware-bridge/simulator/scenario.ts'
import { openSimulatedBox, type SimulatedBox } from '../../../firmware-bridge/simulator/simulated-box.ts'
import { keepSaved, nothingSaved } from './keep-saved.ts'

/** What a box on a device has to tell, as printed with `--json`. */
export type BoxEvent =
  | { event: 'commit'; boxId: string; sequence: number; button: number; stuck: boolean; chord: boolean; atMs: number }
  | { event: 'step'; number: number; do: string; atMs: number }
  | { event: 'scenario-done'; atMs: number }
  | { event: 'power'; isOn: boolean; atMs: number }
  | { event: 'lights'; green: boolean; amber: boolean; red: boolean; atMs: number }
  | { event: 'behind'; leftOutMs: number; atMs: number }

export type OpenBoxOptions = {
  device: string
  seed: number
  speed: number
  noise: { drop: number; flip: number; insert: number }
  baud: number
  scenario: Scenario | null
  /** Its EEPROM is kept there. */
  eepromPath: string | null
  onCommit: (press: CommittedPress) => void
  onEvent: (event: BoxEvent) => void
  /** It can't go on: its device has gone, or a file can't be written. */
  onGone: (failure: Error) => void
}

export type OpenBox = {
  box: SimulatedBox
  cable: FaultyCable
  pty: BoxPty
  /** Boots it, then lets time pass; the scenario begins. Throws what `onCommit` throws; later that comes by `onGone`. */
  start(): void
  /** @throws AppError `simulator-file` when the EEPROM could not be saved; all else is closed then */
  close(): Promise<void>
}

/** All buttons count as down at boot (PROTOCOL.md §13.2): a press before this would be none. */
const bootMs = 200

/** One simulated box behind its own serial device. */
export async function openBox(options: OpenBoxOptions): Promise<OpenBox> {
  const { device, seed, speed, noise, baud, scenario, eepromPath, onEvent, onGone } = options
  const eeprom = eepromPath ? loadEeprom(eepromPath) : null
  const box = openSimulatedBox({
    ...{ hex: readBoxHex(), seed, ...(eeprom ? { eeprom } : {}) },
    onCommit(press) {
      // First, or a killed process could give its sequence to another press.
      saved.now()
      options.onCommit(press)
      const { boxId, sequence, button, flags, atMs } = press
      onEvent({ event: 'commit', boxId, sequence, button, ...flags, atMs })
    },
    onLights: (lights, atMs) => onEvent({ event: 'lights', ...lights, atMs }),
  })
  box.onPower((isOn) => onEvent({ event: 'power', isOn, atMs: box.nowMs() }))
  // Before there is anything to close: a place that can't be written ends it here.
  if (eepromPath) saveEeprom(eepromPath, box.eeprom())
  const cable = makeFaultyCable({ box, seed, toHost: noise, toBox: noise, hostBaud: baud })
  const pty = await openBoxPty({ end: cable, path: device, onGone })
  const saved = eepromPath ? keepSaved(box, eepromPath, onGone) : nothingSaved
  let stopTime = () => {}
  return {
    ...{ box, cable, pty },
    start() {
      box.advance(bootMs)
      if (scenario) play({ box, cable, pty, scenario, seed, onEvent, onGone })
      const lag = watchLag((leftOutMs) => onEvent({ event: 'behind', leftOutMs, atMs: box.nowMs() }))
      const stopClock = runInRealTime(endAtFailure(box, onGone), { speed, onBehind: lag.note })
      stopTime = () => {
        stopClock()
        lag.close()
      }
    },
    async close() {
      stopTime()
      try {
        await pty.close()
      } finally {
        saved.close()
      }
    },
  }
}

/**
 * A press whose commit can't be saved or logged must not be told by the box: time ends for it in the middle of that commit.
 */
function endAtFailure(box: SimulatedBox, onFailed: (failure: Error) => void): SimulatedBox {
  let hasFailed = false
  return {
    ...box,
    advance(ms) {
      if (hasFailed) return
      try {
        box.advance(ms)
      } catch (error) {
        hasFailed = true
        onFailed(error as Error)
      }
    },
  }
}

/** Tells each second in which time was left out, and at the end. */
function watchLag(tell: (leftOutMs: number) => void) {
  let leftOutMs = 0
  let toldMs = 0
  function look(): void {
    if (leftOutMs > toldMs) tell(leftOutMs)
    toldMs = leftOutMs
  }
  const timer = setInterval(look, 1000)
  return {
    note(ms: number) {
      leftOutMs = ms
    },
    close() {
      clearInterval(timer)
      look()
    },
  }
}

type PlayOptions = Pick<OpenBox, 'box' | 'cable' | 'pty'> &
  Pick<OpenBoxOptions, 'seed' | 'onEvent' | 'onGone'> & { scenario: Scenario }

function play({ box, cable, pty, scenario, seed, onEvent, onGone }: PlayOptions): void {
  playScenario({
    ...{ box, cable, scenario, seed },
    plug: { unplug: () => void pty.unplug().catch(onGone), plug: () => void pty.plug().catch(onGone) },
    onStep: (step, number) => onEvent({ event: 'step', number, do: step.do, atMs: box.nowMs() }),
    onDone: () => onEvent({ event: 'scenario-done', atMs: box.nowMs() }),
  })
}
