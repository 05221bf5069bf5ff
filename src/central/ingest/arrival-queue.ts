import type { Arrival } from './arrival.ts'

export type ArrivalQueueOptions = {
  /** Takes a group; the next group waits for it. Must not reject. */
  take(arrivals: readonly Arrival[]): Promise<void>
  /** A first message waits this long for company, which is what lets many small batches share one commit. */
  collectMs: number
  /** A group closes at so many records. */
  groupRecords: number
  /** More waiting records than this are not taken. */
  maxRecords: number
}

export type ArrivalQueue = {
  /** @returns why a message was not taken: the queue is full, or its terminal has more than its share of one that is filling */
  push(arrival: Arrival): 'taken' | 'full' | 'share'
  /** Over half full: terminals had better wait. */
  isBusy(): boolean
  waiting(): number
  idle(): Promise<void>
}

/** Records of about 500 bytes in memory; a hello with its epochs or a batch of nothing but losses may be as heavy as a full batch. */
const weightOf = (arrival: Arrival) =>
  arrival.kind === 'batch' ? Math.max(1, arrival.batch.records.length + arrival.batch.lost.length) : otherWeight

const otherWeight = 20

/** Collects messages into groups and has them taken one group after the other, in the order of arrival. */
export function makeArrivalQueue({ take, collectMs, groupRecords, maxRecords }: ArrivalQueueOptions): ArrivalQueue {
  let waiting: Arrival[] = []
  let waitingRecords = 0
  const ofTerminal = new Map<string, number>()
  let timer: NodeJS.Timeout | null = null
  let isTaking = false
  let onIdle: (() => void)[] = []

  function release(arrival: Arrival): void {
    const left = (ofTerminal.get(arrival.terminal) ?? 0) - weightOf(arrival)
    if (left > 0) ofTerminal.set(arrival.terminal, left)
    else ofTerminal.delete(arrival.terminal)
  }

  function cutGroup(): Arrival[] {
    let records = 0
    const end = waiting.findIndex((arrival) => {
      if (records >= groupRecords) return true
      records += weightOf(arrival)
      return false
    })
    const group = end < 0 ? waiting : waiting.slice(0, end)
    waiting = end < 0 ? [] : waiting.slice(end)
    waitingRecords -= records
    for (const arrival of group) release(arrival)
    return group
  }

  async function work(): Promise<void> {
    isTaking = true
    timer = null
    while (waiting.length > 0) {
      await take(cutGroup())
      // Sockets and pages get their turn between two groups, however much is waiting.
      await new Promise((resolve) => setImmediate(resolve))
    }
    isTaking = false
    for (const resolve of onIdle) resolve()
    onIdle = []
  }

  function schedule(): void {
    if (isTaking) return
    const isFull = waitingRecords >= groupRecords
    if (timer && !isFull) return
    if (timer) clearTimeout(timer)
    timer = setTimeout(() => void work(), isFull ? 0 : collectMs)
  }

  return {
    push(arrival) {
      const weight = weightOf(arrival)
      if (waitingRecords + weight > maxRecords) return 'full'
      const { terminal } = arrival
      const own = (ofTerminal.get(terminal) ?? 0) + weight
      // Only where it matters: a terminal that sends much while nobody else does may.
      if (waitingRecords > maxRecords / 3 && own > maxRecords / 30) return 'share'
      waiting.push(arrival)
      waitingRecords += weight
      ofTerminal.set(terminal, own)
      schedule()
      return 'taken'
    },
    waiting: () => waitingRecords,
    isBusy: () => waitingRecords > maxRecords / 2,
    idle: () =>
      waiting.length === 0 && !isTaking ? Promise.resolve() : new Promise((resolve) => onIdle.push(resolve)),
  }
}
