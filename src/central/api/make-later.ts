import { randomInt } from 'node:crypto'
import type { ApiApp } from './api-app.ts'

const delayMs = { min: 100, max: 1_000 }

/**
 * Starts work some time after the answer to whoever caused it, so that neither the answer nor those beside it tell by their time what
 * the work found. A stop of the app drops what has not begun.
 */
export function makeLater(app: ApiApp): (work: () => void) => void {
  const waiting = new Set<NodeJS.Timeout>()
  app.addHook('preClose', async () => {
    for (const timer of waiting) clearTimeout(timer)
  })
  return (work) => {
    const timer = setTimeout(
      () => {
        waiting.delete(timer)
        work()
      },
      randomInt(delayMs.min, delayMs.max),
    )
    waiting.add(timer)
  }
}
