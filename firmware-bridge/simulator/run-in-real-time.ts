import type { SimulatedBox } from './simulated-box.ts'

export type RealTimeOptions = {
  /** Simulated milliseconds in one of the wall clock. */
  speed?: number
  /** How often the box is brought up to date; bounds how late it answers. */
  stepMs?: number
  /** Milliseconds, monotonic, with fractions. */
  now?: () => number
}

/** After a stall of the host the box is late by the rest, instead of taking the whole machine to catch up. */
const maxCatchUpMs = 250

/**
 * Lets a simulated box live by the wall clock.
 *
 * @returns a function that stops it; the box itself stays as it is
 */
export function runInRealTime(box: SimulatedBox, options: RealTimeOptions = {}): () => void {
  const { speed = 1, stepMs = 20, now = () => performance.now() } = options
  let doneAtMs = now()
  const timer = setInterval(() => {
    const atMs = now()
    box.advance(Math.min(atMs - doneAtMs, maxCatchUpMs) * speed)
    doneAtMs = atMs
  }, stepMs)
  return () => clearInterval(timer)
}
