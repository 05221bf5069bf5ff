import type { Clock } from '../../shared/clock.ts'
import type { WrongClock } from './plan-terminal.ts'

/** A machine's clock in simulated time; the truth is set from outside. */
export type SimulatedClock = Clock & {
  utcMs(): number
  set(utcMs: number): void
  /** Starts the machine: monoMs is 0 now, and a wrong clock is wrong again. */
  boot(): void
  /** Whether the time has been learnt in this boot. */
  isRight(): boolean
  /** Whether the moment has come at which it is learnt. */
  isDue(): boolean
  learn(): void
  /** monoMs of another moment of this boot; negative before it. */
  monoAt(utcMs: number): number
}

/** @param driftPpm monoMs runs faster by it */
export function makeSimulatedClock(fromMs: number, wrong: WrongClock | null, driftPpm: number): SimulatedClock {
  let nowMs = fromMs
  let bootedAtMs = fromMs
  let isRight = wrong === null
  const monoAt = (utcMs: number) => Math.round((utcMs - bootedAtMs) * (1 + driftPpm / 1e6))
  return {
    utcMs: () => nowMs,
    set(utcMs) {
      nowMs = Math.max(nowMs, utcMs)
    },
    boot() {
      bootedAtMs = nowMs
      isRight = wrong === null
    },
    isRight: () => isRight,
    isDue: () => !isRight && wrong !== null && nowMs - bootedAtMs >= wrong.anchorAfterMs,
    learn() {
      isRight = true
    },
    monoAt,
    monoMs: () => monoAt(nowMs),
    wallMs() {
      if (isRight || wrong === null) return nowMs
      return wrong.wrongBy === 'epoch' ? monoAt(nowMs) : nowMs + wrong.wrongBy
    },
  }
}
