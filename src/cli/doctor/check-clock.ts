import { systemClock } from '../../shared/clock.ts'
import { makeKernelClock } from '../../terminal/health/kernel-clock.ts'
import { clockTexts } from './clock-texts.ts'
import { type Check, type Facts, type Finding, makeFinding } from './finding.ts'
import type { Scene } from './scene.ts'

const find = (code: keyof typeof clockTexts, facts: Facts) => makeFinding('clock', code, clockTexts[code], facts)
/** Beyond it one of two clocks that both should be right is not. */
const tolerableMs = 5_000

/** The machine's clock, by the kernel and beside the central's. Presses are timed right by the central whatever it shows. */
export function makeClockCheck(scene: Scene): Check {
  return {
    name: 'clock',
    run: async () => (scene.config || scene.daemon.kind === 'running' ? [checkClock(scene)] : []),
  }
}

function checkClock({ daemon, answer }: Scene): Finding {
  const isSynchronised =
    daemon.kind === 'running' ? daemon.state.clock.state === 'kernel' : makeKernelClock(systemClock)() !== null
  const facts = { isSynchronised, wallMs: systemClock.wallMs(), ...readOffset(daemon, answer) }
  if (facts.offsetMs === null) return find(isSynchronised ? 'synchronised-alone' : 'unknown', facts)
  const isOff = Math.abs(facts.offsetMs) > tolerableMs + (facts.errorMs ?? 0)
  if (!isSynchronised) return find(isOff ? 'wrong' : 'exchange', facts)
  return find(isOff ? 'disagrees' : 'synchronised', facts)
}

function readOffset(
  daemon: Scene['daemon'],
  answer: Scene['answer'],
): { offsetMs: number | null; errorMs: number | null } {
  if (daemon.kind === 'running') {
    const { exchange } = daemon.state.clock
    return { offsetMs: exchange?.offsetMs ?? null, errorMs: exchange?.errorMs ?? null }
  }
  if (!answer) return { offsetMs: null, errorMs: null }
  const halfMs = Math.ceil(answer.roundTripMs / 2)
  // Cristian 1989: the central read its clock half-way, most likely.
  return { offsetMs: answer.wallMs - halfMs - answer.serverTimeMs, errorMs: halfMs }
}
