import type { SimulatedBox } from './simulated-box.ts'

export type RealTimeOptions = {
  /** Simulated milliseconds in one of the wall clock. */
  speed?: number
  /** How often the box is brought up to date; bounds how late it answers. Shorter at higher speeds without. */
  stepMs?: number
  /**
   * The machine cannot keep up: told after each step that had to leave time out, with all simulated milliseconds left
   * out since the start.
   */
  onBehind?: (leftOutMs: number) => void
  /** Milliseconds, monotonic, with fractions. */
  now?: () => number
}

/** After a stall of the host the box is late by the rest, instead of taking the whole machine to catch up. */
const maxCatchUpMs = 250
/** Simulated at a stretch, so that a box that costs more than there is leaves room for the rest of the process. */
const sliceMs = 25

/**
 * Lets a simulated box live by the wall clock.
 *
 * @returns a function that stops it; the box itself stays as it is
 */
export function runInRealTime(box: SimulatedBox, options: RealTimeOptions = {}): () => void {
  const { speed = 1, onBehind = () => {}, now = () => performance.now() } = options
  const stepMs = options.stepMs ?? Math.min(20, Math.max(1, 20 / speed))
  let readAtMs = now()
  let owedMs = 0
  let leftOutMs = 0

  function catchUp(): void {
    const atMs = now()
    owedMs += (atMs - readAtMs) * speed
    readAtMs = atMs
    const excessMs = owedMs - maxCatchUpMs * speed
    if (excessMs > 0) {
      owedMs -= excessMs
      leftOutMs += excessMs
      onBehind(leftOutMs)
    }
    const deadlineMs = atMs + 2 * stepMs
    while (owedMs > 0) {
      const piece = Math.min(owedMs, sliceMs)
      box.advance(piece)
      owedMs -= piece
      if (owedMs > 0 && now() > deadlineMs) return
    }
  }

  const timer = setInterval(catchUp, stepMs)
  return () => clearInterval(timer)
}
