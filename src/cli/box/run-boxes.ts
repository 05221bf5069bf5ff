import { type CommitFile, openCommitFile } from '../../../firmware-bridge/simulator/commit-file.ts'
import { loadScenario } from '../../../firmware-bridge/simulator/parse-scenario.ts'
import { watchKeys } from '../demo/watch-keys.ts'
import { runUntilStopped } from '../run-until-stopped.ts'
import { type BoxOptions, nameOf } from './box-options.ts'
import { type BoxEvent, type OpenBox, openBox } from './open-box.ts'
import { type BoxReport, makeBoxReport } from './report-box.ts'

/**
 * Runs simulated boxes behind serial devices until it is stopped, or with `exit` until every scenario is over.
 *
 * @throws AppError when a device can't be made or disappears, ConfigError for the scenario
 */
export async function runBoxes(options: BoxOptions): Promise<void> {
  const report = makeBoxReport({ isJson: options.json ?? false, speed: options.speed })
  const scenario = options.scenario === undefined ? null : loadScenario(options.scenario)
  const commits: CommitFile | null = options.commits === undefined ? null : openCommitFile(options.commits)
  const boxes: OpenBox[] = []
  const ending = makeEnding()
  let playing = options.boxes

  async function closeAll(): Promise<void> {
    keys?.close()
    for (const { close } of [...boxes, ...(commits ? [commits] : [])])
      try {
        await close()
      } catch (failure) {
        // The others have something to close too.
        ending.end(failure as Error)
      }
  }
  function onEvent(device: string, event: BoxEvent): void {
    report.event(device, event)
    if (event.event === 'scenario-done' && --playing === 0 && options.exit) ending.end()
  }

  let keys: { close(): void } | null = null
  try {
    for (let index = 0; index < options.boxes; index++) {
      const device = nameOf(options.device, index, options.boxes)
      const { drop, flip, insert } = options
      const box = await openBox({
        ...{ device, seed: options.seed + index, speed: options.speed, baud: options.baud, scenario },
        noise: { drop, flip, insert },
        eepromPath: options.eeprom === undefined ? null : nameOf(options.eeprom, index, options.boxes),
        onCommit: (press) => commits?.append(press),
        onEvent: (event) => onEvent(device, event),
        onGone: (failure) => ending.end(failure),
      })
      boxes.push(box)
      report.device(device)
    }
    for (const box of boxes) box.start()
    keys = watchBoxKeys(boxes, report)
    // Before `ready`: whoever waits for that may send a signal at once.
    const stopped = runUntilStopped({ stop: async () => {} })
    report.ready()
    await Promise.race([ending.reached, stopped])
  } finally {
    await closeAll()
  }
  const failure = ending.failure()
  if (failure) throw failure
}

function makeEnding() {
  let failure: Error | null = null
  let end = (_failure?: Error) => {}
  const reached = new Promise<void>((resolve) => {
    end = (cause) => {
      failure ??= cause ?? null
      resolve()
    }
  })
  return { reached, end: (cause?: Error) => end(cause), failure: () => failure }
}

/** 1–4 press, p cuts power for a second, r resets, u pulls the cable and puts it back, n goes to the next box. */
function watchBoxKeys(boxes: readonly OpenBox[], report: BoxReport): { close(): void } {
  let chosen = 0
  const box = () => boxes[chosen] as OpenBox
  const others: Record<string, () => void> = {
    p: () => box().box.cutPowerAfter(0, { offMs: 1000 }),
    r: () => box().box.reset(),
    u: () => void toggleByKey(box(), report),
    n() {
      chosen = (chosen + 1) % boxes.length
      report.note(`keys go to ${box().pty.path}`)
    },
  }
  return watchKeys(
    process.stdin,
    (button) => pressByKey(box(), button, report.note),
    (key) => others[key]?.(),
  )
}

async function toggleByKey({ pty }: OpenBox, report: BoxReport): Promise<void> {
  try {
    report.note(`${(await pty.toggle()) ? 'plugged' : 'unplugged'} ${pty.path}`)
  } catch (error) {
    report.failed(`could not plug ${pty.path}: ${(error as Error).message}`)
  }
}

/** Bounce and debounce are over by then, and red for a refused press lasts 800 ms (PROTOCOL.md §12). */
const answeredAfterMs = 100

function pressByKey({ box, pty }: OpenBox, button: 1 | 2 | 3 | 4, note: (text: string) => void): void {
  note(`press ${pty.path} ${button}`)
  box.press(button, { bounceMs: 5 })
  box.after(answeredAfterMs, () => {
    if (box.lights().red) note(`refused ${pty.path} (red): no identity yet, which a host gives it, or no room`)
  })
}
