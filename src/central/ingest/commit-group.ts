import type { StoreWriter } from '../store/port.ts'
import type { Arrival } from './arrival.ts'
import { type GroupContext, type GroupSheet, makeGroupSheet } from './group-sheet.ts'
import { takeBatch, takeUnreadable } from './take-batch.ts'
import { takeHealth, takeHello, takeStatus } from './take-report.ts'

function epochsOf(arrival: Arrival): string[] {
  if (arrival.kind === 'unreadable') return [arrival.epoch]
  if (arrival.kind !== 'batch') return []
  return [arrival.batch.epoch, ...arrival.batch.lost.map((lost) => lost.epoch)]
}

/** Locks every cursor of the group in one fixed order, so that concurrent writers can't wait for each other in a circle. */
async function lockCursors(sheet: GroupSheet, arrivals: readonly Arrival[]): Promise<void> {
  const keys = arrivals.flatMap((arrival) => epochsOf(arrival).map((epoch) => `${arrival.terminal} ${epoch}`))
  let last = ''
  for (const key of keys.sort()) {
    if (key === last) continue
    last = key
    const [terminal, epoch] = key.split(' ') as [string, string]
    await sheet.lockMark(terminal, epoch)
  }
}

async function takeArrival(sheet: GroupSheet, arrival: Arrival): Promise<void> {
  switch (arrival.kind) {
    case 'batch':
      sheet.setState(arrival.terminal, { lastSeenAtMs: arrival.receivedAtMs, lastBatchAtMs: arrival.receivedAtMs })
      return await takeBatch(sheet, arrival, arrival.batch)
    case 'unreadable':
      return await takeUnreadable(sheet, arrival, arrival)
    case 'hello':
      return await takeHello(sheet, arrival, arrival.hello)
    case 'health':
      return await takeHealth(sheet, arrival, arrival.health)
    case 'status':
      return await takeStatus(sheet, arrival, arrival.status)
  }
}

/** The work of one transaction: some messages in the order of their arrival. What is to be said after COMMIT stands in the sheet. */
export async function commitGroup(
  writer: StoreWriter,
  arrivals: readonly Arrival[],
  context: GroupContext,
): Promise<GroupSheet> {
  const sheet = makeGroupSheet(writer, context)
  await lockCursors(sheet, arrivals)
  for (const arrival of arrivals) await takeArrival(sheet, arrival)
  await sheet.write()
  return sheet
}
