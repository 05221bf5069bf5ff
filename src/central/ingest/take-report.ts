import type { Health, Hello, Status } from '../../contracts/messages.ts'
import { type Life, noteLife } from './clone-watch.ts'
import type { GroupSheet } from './group-sheet.ts'

type Origin = { terminal: string; receivedAtMs: number }

export async function takeHello(sheet: GroupSheet, origin: Origin, hello: Hello): Promise<void> {
  sheet.counters.add('hellos')
  // It is no daemon that speaks: what it says tells of no life, and must not pass for what the terminal holds.
  if (hello.probe) return
  await noteReport(sheet, origin, hello)
  sheet.setState(origin.terminal, { hello: JSON.stringify(hello) })
}

export async function takeHealth(sheet: GroupSheet, origin: Origin, health: Health): Promise<void> {
  sheet.counters.add('healths')
  await noteReport(sheet, origin, health)
  sheet.setState(origin.terminal, { health: JSON.stringify(health) })
}

/** What hello and health have in common: who speaks, and what its box refused. */
async function noteReport(
  sheet: GroupSheet,
  { terminal, receivedAtMs }: Origin,
  report: Pick<Hello, 'nonce' | 'epoch' | 'boot' | 'monoMs' | 'box'>,
): Promise<void> {
  const { nonce, epoch, boot, monoMs, box } = report
  const known = (await sheet.state(terminal)).lives
  const heard = { nonce, epoch, boot, monoMs, atMs: receivedAtMs }
  const { lives, clone } = noteLife(known ? (JSON.parse(known) as Life[]) : [], heard)
  sheet.setState(terminal, {
    ...{ online: true, lastSeenAtMs: receivedAtMs, toldAtMs: receivedAtMs },
    lives: JSON.stringify(lives),
  })
  if (box) {
    const { id, next, pending } = box
    await sheet.writer.noteBoxTold(terminal, { box: id, next, pending, atMs: receivedAtMs })
  }
  if (box && box.dropped > 0) {
    // A box that tells no boot starts again at 0 unseen; then the highest count is all that is known.
    const told = { box: box.id, boot: box.boot ?? 0, refused: box.dropped }
    if (!(await sheet.writer.noteRefused(terminal, told))) sheet.counters.add('refusals-over-limit')
  }
  if (!clone || sheet.isCloned(terminal)) return
  sheet.noteClone({ terminal, epochs: [epoch, clone.epoch] })
  sheet.setState(terminal, { clonedAtMs: receivedAtMs })
  sheet.counters.add('clones')
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
