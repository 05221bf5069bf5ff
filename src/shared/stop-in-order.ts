import { AppError } from './errors.ts'
import type { Logger } from './logger.ts'

/** `late`: what should have stopped before, and has not. */
export type StopStep = { name: string; stop: (late: readonly string[]) => Promise<void> | void }

/**
 * Stops one thing after another. One that takes too long or fails does not keep the next from stopping.
 *
 * @param deadlineMs for all of them together
 * @throws AppError `stop-deadline` naming what did not stop, after everything else has been
 */
export async function stopInOrder(steps: readonly StopStep[], deadlineMs: number, logger: Logger): Promise<void> {
  const endAtMs = performance.now() + deadlineMs
  const late: string[] = []
  for (const { name, stop } of steps) {
    let timer: NodeJS.Timeout | undefined
    const deadline = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), Math.max(0, endAtMs - performance.now()))
    })
    const stopped = Promise.resolve()
      .then(() => stop(late))
      .catch((error: unknown) => logger.error({ name, error: String(error) }, 'could not be stopped in order'))
    if ((await Promise.race([stopped, deadline])) === 'late') late.push(name)
    clearTimeout(timer)
  }
  if (late.length > 0) throw new AppError('stop-deadline', `did not stop within ${deadlineMs} ms: ${late.join(', ')}`)
}
