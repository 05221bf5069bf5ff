/** What runs on the thread of `open-intake-thread.ts`: a store of its own on the same database, and the writing side on it. */
import { parentPort, workerData } from 'node:worker_threads'
import { systemClock } from '../shared/clock.ts'
import { makeLogger } from '../shared/logger.ts'
import { makeHeldStore } from './hold-store.ts'
import type { FromThread, ThreadData, ToThread } from './intake-messages.ts'
import { openIntake } from './open-intake.ts'
import { openSqliteStore } from './store/sqlite/open-sqlite-store.ts'

type Down = Extract<FromThread, { kind: 'publish' }>['messages']

const port = parentPort
if (!port) throw new Error('this file runs as a thread of the central')
const tell = (message: FromThread) => port.postMessage(message)

const { path, logLevel } = workerData as ThreadData
const logger = makeLogger(logLevel)
const store = await openSqliteStore({ path, logger: logger.child({ room: 'store' }) })
const held = makeHeldStore(store)
const releases = new Map<number, () => void>()
let down: Down = []

/** A group's answers go as one message: each one has a cost of its own. */
function publishSoon(...message: Down[number]): void {
  if (down.length === 0) queueMicrotask(publishNow)
  down.push(message)
}

function publishNow(): void {
  const messages = down
  down = []
  if (messages.length > 0) tell({ kind: 'publish', messages })
}

const intake = openIntake({
  ...{ store: held.store, clock: systemClock, logger },
  publish: publishSoon,
  onCommitted: (change) => tell({ kind: 'committed', change }),
  onRelabelled: (changed) => tell({ kind: 'relabelled', changed }),
})

async function answer(asked: Extract<ToThread, { kind: 'ask' }>): Promise<void> {
  if (asked.what === 'drain') await intake.drain()
  if (asked.what === 'hold') await held.hold(new Promise((resolve) => releases.set(asked.no, resolve)))
  if (asked.what === 'close') {
    await intake.close()
    await store.close()
  }
  publishNow()
  tell({ kind: 'answer', no: asked.no, counters: asked.what === 'counters' ? await intake.counters() : null })
  if (asked.what === 'close') port?.close()
}

port.on('message', (message: ToThread) => {
  if (message.kind === 'ask') return void answer(message)
  if (message.kind === 'release') {
    releases.get(message.no)?.()
    return void releases.delete(message.no)
  }
  for (const [terminal, leaf, payload] of message.messages) intake.receive(terminal, leaf, payload)
  tell({ kind: 'taken', messages: message.messages.length })
})
tell({ kind: 'open' })
