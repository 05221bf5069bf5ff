import { makeFairShare } from '../../shared/fair-share.ts'
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
  /** Records that are not committed yet: those that wait, and those of the group that is being taken. */
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
  const share = makeFairShare(maxRecords)
  let timer: NodeJS.Timeout | null = null
  let isTaking = false
  let takingRecords = 0
  let onIdle: (() => void)[] = []

  function cutGroup(): Arrival[] {
    let records = 0
    const end = waiting.findIndex((arrival) => {
      if (records >= groupRecords) return true
      records += weightOf(arrival)
      return false
    })
    const group = end < 0 ? waiting : waiting.slice(0, end)
    waiting = end < 0 ? [] : waiting.slice(end)
    for (const arrival of group) share.free(arrival.terminal, weightOf(arrival))
    takingRecords = records
    return group
  }

  async function work(): Promise<void> {
    isTaking = true
    timer = null
    while (waiting.length > 0) {
      await take(cutGroup())
      takingRecords = 0
      // Sockets and pages get their turn between two groups, however much is waiting.
      await new Promise((resolve) => setImmediate(resolve))
    }
    isTaking = false
    for (const resolve of onIdle) resolve()
    onIdle = []
  }

  function schedule(): void {
    if (isTaking) return
    const isFull = share.taken() >= groupRecords
    if (timer && !isFull) return
    if (timer) clearTimeout(timer)
    timer = setTimeout(() => void work(), isFull ? 0 : collectMs)
  }

  return {
    push(arrival) {
      const taken = share.take(arrival.terminal, weightOf(arrival))
      if (taken !== 'taken') return taken
      waiting.push(arrival)
      schedule()
      return taken
    },
    waiting: () => share.taken() + takingRecords,
    isBusy: () => share.taken() > maxRecords / 2,
    idle: () =>
      waiting.length === 0 && !isTaking ? Promise.resolve() : new Promise((resolve) => onIdle.push(resolve)),
  }
}
