import type { StoreWriter } from '../store/port.ts'
import type { Arrival } from './arrival.ts'
import { type GroupContext, type GroupSheet, makeGroupSheet } from './group-sheet.ts'
import { takeBatch, takeUnreadable } from './take-batch.ts'
import { takeHealth, takeHello, takeStatus } from './take-report.ts'

type CursorKey = { terminal: string; epoch: string }

function cursorsOf(arrivals: readonly Arrival[]): CursorKey[] {
  const keys: CursorKey[] = []
  for (const arrival of arrivals) {
    const { terminal } = arrival
    if (arrival.kind === 'unreadable') keys.push({ terminal, epoch: arrival.epoch })
    if (arrival.kind !== 'batch') continue
    keys.push({ terminal, epoch: arrival.batch.epoch })
    for (const { epoch } of arrival.batch.lost) keys.push({ terminal, epoch })
  }
  return keys
}

function compareCursors(a: CursorKey, b: CursorKey): number {
  if (a.terminal !== b.terminal) return a.terminal < b.terminal ? -1 : 1
  return a.epoch === b.epoch ? 0 : a.epoch < b.epoch ? -1 : 1
}

/** Locks every cursor of the group in one fixed order, so that concurrent writers can't wait for each other in a circle. */
async function lockCursors(sheet: GroupSheet, arrivals: readonly Arrival[]): Promise<void> {
  for (const { terminal, epoch } of cursorsOf(arrivals).sort(compareCursors)) await sheet.lockMark(terminal, epoch)
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
