/**
 * Doctor about a terminal's presses, disk and way to the central, beside the daemon and without it. Truth is what was pressed.
 * One installation for all, in this order; each test has a card of its own.
 */
import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { examineTerminal } from '../../src/cli/doctor/examine-terminal.ts'
import type { Finding } from '../../src/cli/doctor/finding.ts'
import { type Installation, listBrokerKinds, openInstallation } from '../support/installation.ts'
import { runSmilepost, type SmilepostProcess, waitFor } from '../support/smilepost-process.ts'

let installation: Installation
let central: SmilepostProcess
beforeAll(async () => {
  installation = await openInstallation()
}, 60_000)
afterAll(() => installation.close())
const slow = { timeout: 120_000 }

type Card = { where: Installation; folder: string; config: string; database: string }
const nameCard = (name: string, where = installation): Card => {
  const folder = join(where.folder, name)
  return { where, folder, config: `${folder}.toml`, database: join(folder, 'outbox.sqlite') }
}

function query<Row>(file: string, sql: string): Row[] {
  const db = new Database(file, { readonly: true })
  const rows = db.prepare(sql).all() as Row[]
  db.close()
  return rows
}
function write(file: string, sql: string): void {
  const db = new Database(file)
  db.exec(sql)
  db.close()
}

/** Starts the daemon on a card and touches the glass; @returns it, and waits for the central where there is one */
async function pressOn(card: Card, count: number, isDelivered = true): Promise<SmilepostProcess> {
  const terminal = await card.where.startTerminal('', card.folder.split('/').at(-1))
  for (let i = 0; i < count; i += 1) {
    const body = JSON.stringify({ id: randomUUID(), question: 'service', surveyRevision: 1, value: 3, ageMs: 0 })
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(`${terminal.kioskUrl}/api/presses`, { method: 'POST', headers, body })
    expect(answer.status).toBe(200)
  }
  const countWaiting = () =>
    query<{ n: number }>(card.database, 'SELECT TOTAL(next - 1 - confirmed) AS n FROM epochs')[0]?.n
  if (isDelivered) await waitFor('everything to be delivered', 20_000, () => countWaiting() === 0)
  return terminal
}

async function examine(
  { config, where }: Card,
  secret = where.secretOf('kiosk-1'),
): Promise<(code: string) => Finding> {
  const findings = await examineTerminal({ config, seconds: 3 }, { SMILEPOST_SECRET: secret }, () => {})
  return (name) => {
    const found = findings.find((finding) => `${finding.check} ${finding.code}` === name)
    if (!found) throw new Error(`no ${name} in ${findings.map((one) => `${one.check} ${one.code}`)}`)
    return found
  }
}

/** Names, sizes and times of everything on a card. */
const look = ({ folder }: Card) =>
  readdirSync(folder)
    .sort()
    .map((name) => {
      const { size, mtimeMs } = statSync(join(folder, name))
      return `${name} ${size} ${mtimeMs}`
    })

type State = { online: number; hello: string; cloned_at_ms: number | null }
const readState = (where = installation) => where.readCentral<State>('SELECT * FROM terminal_state')[0]

it(
  'without a central tells what waits, and why; then presses that are nowhere, and a damaged database',
  slow,
  async () => {
    const card = nameCard('card-1')
    const terminal = await pressOn(card, 6, false)
    const of = await examine(card)
    expect(of('broker failed').what).toMatch(/No way to the central over mqtt:\S+: nothing listens/)
    expect(of('custody whole').what).toMatch(
      /^Pressed 6: of these 0 acknowledged by the central, 6 waiting since \d{4}-\d\d-\d\d \d\d:\d\d UTC, 0 missing\.$/,
    )
    await terminal.end('SIGTERM')
    write(card.database, "DELETE FROM records WHERE kind = 'press' AND sequence IN (3, 5)")
    const holed = await examine(card)
    expect(holed('outbox holes').facts).toMatchObject({ missing: 2 })
    expect(holed('custody missing').what).toMatch(/^Pressed 6: .* 4 waiting since .*, 2 missing\.$/)
    const bytes = readFileSync(card.database)
    writeFileSync(card.database, bytes.fill(0xa5, 4096, 12_288))
    expect((await examine(card))('outbox damaged').do).toMatch(/^Restart the daemon/)
  },
)

it('beside a daemon tells its half of custody, leaves its files alone and does not push it off', slow, async () => {
  central = await installation.startCentral()
  const card = nameCard('card-2')
  const terminal = await pressOn(card, 30)
  const before = [look(card), readState()?.hello]
  const of = await examine(card)
  expect(of('custody whole').what).toBe('Pressed 30: of these 30 acknowledged by the central, 0 waiting, 0 missing.')
  expect(of('outbox sound').facts).toMatchObject({ waiting: 0, missing: 0, rejected: 0 })
  for (const name of ['disk room', 'clock exchange', 'broker connected']) expect(of(name).status).toBe('ok')
  const { code, stdout } = await runSmilepost(['doctor', '--config', card.config, '--seconds', '3'])
  expect(code).toBe(0)
  expect(stdout.replace(/\s+/g, ' ')).toContain('OK Pressed 30: of these 30 acknowledged by the central')
  expect([look(card), readState()?.hello]).toEqual(before)
  // A lost connection would be a warning.
  expect(terminal.output().stderr).toBe('')
  expect(await terminal.end('SIGTERM')).toBe(0)
})

/** Round after round with doctor between them: A, doctor, B, doctor. */
async function proveNoClone(where: Installation, rounds: number): Promise<void> {
  const card = nameCard('card-3', where)
  const storedBefore = where.readCentral('SELECT 1 FROM press').length
  for (let pressed = 5; pressed <= 5 * rounds; pressed += 5) {
    const terminal = await pressOn(card, 5)
    await terminal.end('SIGTERM')
    await waitFor('the farewell', 10_000, () => readState(where)?.online === 0)
    const before = [look(card), readState(where)]
    const of = await examine(card)
    expect(of('broker works').status).toBe('ok')
    expect(of('custody whole').what).toBe(
      `Pressed ${pressed}: of these ${pressed} acknowledged by the central, 0 waiting, 0 missing.`,
    )
    expect([look(card), readState(where)]).toEqual(before)
  }
  expect(readState(where)?.cloned_at_ms).toBe(null)
  expect(where.readCentral('SELECT 1 FROM press')).toHaveLength(storedBefore + 5 * rounds)
}

it(
  'with the daemon stopped asks the central itself, which takes it for no sign of life and no clone',
  slow,
  async () => {
    await proveNoClone(installation, 2)
    const card = nameCard('card-3')
    expect((await examine(card, 'wrong'))('broker failed').facts).toMatchObject({ reason: 'secret-refused' })
    expect((await examine(card, ''))('broker no-secret').status).toBe('warn')
  },
)

it.skipIf(!listBrokerKinds().includes('mosquitto'))('the same over Mosquitto', slow, async () => {
  const where = await openInstallation('mosquitto')
  try {
    await where.startCentral()
    await proveNoClone(where, 1)
  } finally {
    await where.close()
  }
})

it('sees a central that knows less than it acknowledged, and one that knows more', slow, async () => {
  const card = nameCard('card-4')
  const terminal = await pressOn(card, 4)
  await terminal.end('SIGTERM')
  await central.end('SIGTERM')
  const kept = readFileSync(card.database)
  const [{ epoch } = { epoch: '' }] = query<{ epoch: string }>(card.database, 'SELECT epoch FROM epochs')
  // The card as it was some records ago.
  write(card.database, 'DELETE FROM records WHERE sequence > 3; UPDATE epochs SET next = 4, confirmed = 3')
  await installation.startCentral()
  expect((await examine(card))('custody central-ahead').facts).toMatchObject({ epochs: [epoch] })
  writeFileSync(card.database, kept)
  write(join(installation.folder, 'central/central.sqlite'), 'UPDATE cursor SET up_to = 2')
  const of = await examine(card)
  expect(of('custody central-behind').what).toMatch(/^The central lacks \d records/)
  expect(of('custody whole').facts).toMatchObject({ pressed: 4, missing: 0 })
})
