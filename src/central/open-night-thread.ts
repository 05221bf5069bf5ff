import { Worker } from 'node:worker_threads'
import type { NightThreadData } from './night-thread.ts'
import type { NightRunner } from './report/open-nights.ts'
import type { NightOrder, UpdatedNights } from './report/update-nights.ts'

/** Presses of a fleet lie outside of this heap; what is found in them is small. */
const maxHeapMb = 512

/**
 * Runs nights on a thread that begins with each run and ends with it, so that between two nights it costs neither memory nor a core.
 *
 * It reads the database for itself and writes nothing, so that it may end anywhere. One that fails fails its run only.
 */
export function openNightThread(path: string): NightRunner {
  let worker: Worker | null = null

  function run(order: NightOrder): Promise<UpdatedNights> {
    const workerData: NightThreadData = { path, order }
    const thread = new Worker(new URL('./night-thread.js', import.meta.url), {
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
    })
    worker = thread
    return new Promise((resolve, reject) => {
      thread.once('message', resolve)
      thread.once('error', reject)
      thread.once('exit', () => reject(new Error('the thread that runs nights has ended')))
    })
  }

  return {
    async update(order) {
      try {
        return await run(order)
      } finally {
        worker = null
      }
    },
    async close() {
      await worker?.terminate()
    },
  }
}
