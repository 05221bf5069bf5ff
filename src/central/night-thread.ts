/** What runs on the thread of `open-night-thread.ts`: nights, on tallies that it reads for itself. */
import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { runNights } from './report/night/run-nights.ts'
import { type NightOrder, type UpdatedNights, updateNights } from './report/update-nights.ts'
import { openSqliteReader } from './store/sqlite/open-sqlite-reader.ts'

export type NightThreadData = { path: string; order: NightOrder }

/** Of `nice`: presses and pages come first. */
const niceness = 10

const port = parentPort
if (!port) throw new Error('this file runs as a thread of the central')
// Linux gives each thread a niceness of its own; elsewhere this would be that of the whole central.
if (process.platform === 'linux') setPriority(niceness)

const { path, order } = workerData as NightThreadData
const store = openSqliteReader(path)
const updated: UpdatedNights = await updateNights(store.read, order, runNights)
store.close()
port.postMessage(updated)
