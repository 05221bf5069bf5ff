export type Repetition = {
  /** Does it now, then again and again with doubling pauses, until `stop`. */
  start(): void
  stop(): void
}

/**
 * Repeats something that needs an answer.
 *
 * @param random uniform in [0, 1); each pause is up to half as long again
 */
export function makeRepetition(
  act: () => void,
  { firstMs, maxMs, random }: { firstMs: number; maxMs: number; random: () => number },
): Repetition {
  let timer: NodeJS.Timeout | undefined

  function run(pauseMs: number): void {
    timer = setTimeout(() => run(Math.min(maxMs, pauseMs * 2)), pauseMs * (1 + random() / 2))
    act()
  }

  return {
    start() {
      clearTimeout(timer)
      run(firstMs)
    },
    stop() {
      clearTimeout(timer)
    },
  }
}
