import type { Health, Hello, Status } from '../../contracts/messages.ts'
import type { GroupSheet } from './group-sheet.ts'

type Origin = { terminal: string; receivedAtMs: number }

export function takeHello(sheet: GroupSheet, { terminal, receivedAtMs }: Origin, hello: Hello): void {
  sheet.counters.add('hellos')
  sheet.setState(terminal, { online: true, lastSeenAtMs: receivedAtMs, hello: JSON.stringify(hello) })
}

export function takeHealth(sheet: GroupSheet, { terminal, receivedAtMs }: Origin, health: Health): void {
  sheet.counters.add('healths')
  sheet.setState(terminal, { online: true, lastSeenAtMs: receivedAtMs, health: JSON.stringify(health) })
}

/** A will may arrive after the terminal is back on a new connection: an offline of any other connection says nothing. */
export async function takeStatus(
  sheet: GroupSheet,
  { terminal, receivedAtMs }: Origin,
  { status, connection }: Status,
): Promise<void> {
  if (status === 'online') {
    sheet.setState(terminal, { online: true, connection, lastSeenAtMs: receivedAtMs })
    return
  }
  const state = await sheet.state(terminal)
  if (state.connection === connection) sheet.setState(terminal, { online: false })
  else sheet.counters.add('stale-offline')
}
