/**
 * Runs `trim` now and every hour until it says 0, one chunk per turn of the event loop, so that presses come between.
 *
 * @returns stops it
 */
export function trimRegularly(trim: () => number, everyMs = 3_600_000): () => void {
  let turn: NodeJS.Immediate | undefined
  const run = () => {
    clearImmediate(turn)
    if (trim() > 0) turn = setImmediate(run)
  }
  turn = setImmediate(run)
  const timer = setInterval(run, everyMs)
  return () => {
    clearInterval(timer)
    clearImmediate(turn)
  }
}
