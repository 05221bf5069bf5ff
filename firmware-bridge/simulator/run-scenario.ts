import { playScenario, type ScenarioOptions, type ScenarioRun } from './play-scenario.ts'

export type RunScenarioOptions = ScenarioOptions & {
  /** Simulated time at a stretch; makes no difference to the box. */
  stepMs?: number
  /** Simulated time that the box is given after the last step, at least `stepMs`. */
  settleMs?: number
}

/** Plays a scenario to its end, as fast as the machine can; nothing else may advance the box meanwhile. */
export function runScenario({ stepMs = 100, settleMs = 1000, ...options }: RunScenarioOptions): ScenarioRun {
  const { box } = options
  const beganAtMs = box.nowMs()
  let passedMs = 0
  let doneAfterMs = 0
  const run = playScenario({
    ...options,
    onDone() {
      doneAfterMs = box.nowMs() - beganAtMs
      options.onDone?.()
    },
  })
  while (!run.isDone()) {
    box.advance(stepMs)
    passedMs += stepMs
  }
  box.advance(doneAfterMs + settleMs - passedMs)
  return run
}
