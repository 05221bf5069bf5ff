import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { makeCounters } from '../shared/counters.ts'
import { AppError } from '../shared/errors.ts'
import { makeFairShare } from '../shared/fair-share.ts'
import type { FromThread, Received, ThreadData, ToThread } from './intake-messages.ts'
import type { Intake, IntakeCounters, IntakeEvents } from './open-intake.ts'

type Ask = Extract<ToThread, { kind: 'ask' }>['what']

/** What may be on its way to the thread while a long transaction keeps it: some seconds of all terminals catching up. */
const maxBytes = 32 * 1024 * 1024
/** Of a message beside its payload. */
const extraBytes = 200
/** Whoever watches is told what was known last rather than wait for a long transaction. */
const patienceMs = 1_000

/**
 * Opens the writing side on a thread of its own, with its own connections to the database.
 *
 * Memory is bounded here too: what the thread does not take in time is dropped and counted, and terminals send it again. A thread that
 * fails is a broken promise of ours and ends the process.
 *
 * @throws AppError `database-failed` with what keeps the thread from opening the database
 */
export async function openIntakeThread({ path, logLevel, ...events }: IntakeEvents & ThreadData): Promise<Intake> {
  const workerData: ThreadData = { path, logLevel }
  const worker = new Worker(new URL('./intake-thread.js', import.meta.url), { workerData })
  const counters = makeCounters(['dropped-full', 'dropped-share', 'dropped-closed'])
  const share = makeFairShare(maxBytes)
  const answers = new Map<number, (counters: IntakeCounters | null) => void>()
  /** Owner and weight of what the thread has not taken yet, oldest first. */
  const onTheWay: [terminal: string, bytes: number][] = []
  let onOpen = () => {}
  let onGone = (_error: Error) => {}
  const opened = new Promise<void>((resolve, reject) => {
    onOpen = resolve
    onGone = (error) => reject(new AppError('database-failed', error.message, { cause: error }))
    worker.once('error', onGone)
  })
  let collected: Received[] = []
  let asked = 0
  let known: IntakeCounters = { ingest: {}, labels: {} }
  let isClosed = false
  let isGone = false
  const tell = (message: ToThread) => worker.postMessage(message)

  function hear(message: FromThread): void {
    if (message.kind === 'open') onOpen()
    if (message.kind === 'taken') for (const owned of onTheWay.splice(0, message.messages)) share.free(...owned)
    if (message.kind === 'publish') for (const down of message.messages) events.publish(...down)
    if (message.kind === 'committed') events.onCommitted(message.change)
    if (message.kind === 'relabelled') events.onRelabelled(message.changed)
    if (message.kind !== 'answer') return
    answers.get(message.no)?.(message.counters)
    answers.delete(message.no)
  }

  function sendCollected(): void {
    const messages = collected
    collected = []
    if (messages.length > 0) tell({ kind: 'received', messages })
  }

  function ask(what: Ask): Promise<IntakeCounters | null> {
    sendCollected()
    asked += 1
    const no = asked
    tell({ kind: 'ask', no, what })
    return isGone ? Promise.resolve(null) : new Promise((resolve) => answers.set(no, resolve))
  }

  worker.on('message', hear)
  worker.on('exit', () => {
    isGone = true
    // Whatever is asked of a thread that has ended stays unanswered.
    for (const answer of answers.values()) answer(null)
    answers.clear()
    if (!isClosed) onGone(new Error('the thread that takes presses in has ended'))
  })
  await opened
  // From here on its end is ours: the supervisor starts us again, and terminals keep what they were not told of.
  const fail = (error: Error) => {
    throw error
  }
  worker.on('error', fail)
  onGone = fail

  return {
    receive(terminal, leaf, payload) {
      if (isClosed) return counters.add('dropped-closed')
      const bytes = payload.byteLength + extraBytes
      const taken = share.take(terminal, bytes)
      if (taken !== 'taken') return counters.add(`dropped-${taken}`)
      // Whatever one turn of the event loop brings goes as one message.
      if (collected.length === 0) setImmediate(sendCollected)
      // A view would take the whole of the socket's buffer along.
      collected.push([terminal, leaf, new Uint8Array(payload)])
      onTheWay.push([terminal, bytes])
    },
    async counters() {
      const late = sleep(patienceMs, null, { ref: false })
      known = (await Promise.race([ask('counters'), late])) ?? known
      const ingest = { ...known.ingest }
      for (const [name, count] of Object.entries(counters.snapshot())) ingest[name] = (ingest[name] ?? 0) + count
      return { ingest, labels: known.labels }
    },
    async exclusively(write) {
      const answer = ask('hold')
      const no = asked
      await answer
      try {
        return await write()
      } finally {
        tell({ kind: 'release', no })
      }
    },
    drain: async () => void (await ask('drain')),
    async close() {
      isClosed = true
      // One that is late to end must not keep the process: to the database that is a power cut, which it survives.
      worker.unref()
      await ask('close')
      await worker.terminate()
    },
  }
}
