/**
 * A central whose machine dies comes back from a backup: from one ten minutes old it gets everything back from its terminals; from one older
 * than the 14 days that they keep, all that they still have, and it says what it could not get back.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, vi } from 'vitest'
import { loadCentralConfig } from '../../src/central/config.ts'
import { type Central, startCentral } from '../../src/central/main.ts'
import { systemClock } from '../../src/shared/clock.ts'
import type { Installation } from '../support/installation.ts'
import { silentLogger } from '../support/silent-logger.ts'
import { runSmilepost, waitFor } from '../support/smilepost-process.ts'
import { faultScale } from './support/fault-parameters.ts'
import { type FaultRow, faultRow } from './support/fault-row.ts'
import { openPressedTerminal } from './support/pressed-terminal.ts'
import { fetchLedger } from './support/read-ledger.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** What runs once an hour, in this process, when the row says that an hour has come. */
let hourly: (() => void)[] = []
beforeEach(() => {
  hourly = []
  const set: (run: () => void, ms?: number, ...rest: unknown[]) => NodeJS.Timeout = globalThis.setInterval
  vi.spyOn(globalThis, 'setInterval').mockImplementation(((run: () => void, ms?: number, ...rest: unknown[]) => {
    if (ms === hourMs) hourly.push(() => void Reflect.apply(run, undefined, rest))
    return set(run, ms, ...rest)
  }) as typeof setInterval)
})
afterEach(() => void vi.restoreAllMocks())

async function runOrFail(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runSmilepost([...args])
  expect([code, stderr]).toEqual([0, ''])
  return stdout
}

/** The backup that there is says that it was made so much earlier than it was. */
function ageBackup(dir: string, ms: number): void {
  const [name = ''] = readdirSync(dir)
  const path = join(dir, name, 'manifest.json')
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as { atMs: number }
  writeFileSync(path, JSON.stringify({ ...manifest, atMs: manifest.atMs - ms }))
}

/** Central and terminal in this process, by clocks that end up right when the backup has become as old as it is to be. */
async function openRig(ageMs: number) {
  let behindMs = ageMs
  let central: Central
  const terminalClock = {
    wallMs: () => systemClock.wallMs() - behindMs,
    monoMs: () => systemClock.monoMs() + ageMs - behindMs,
  }
  const centralClock = { ...systemClock, wallMs: () => systemClock.wallMs() - behindMs }
  const start = async ({ folder }: Installation): Promise<string> => {
    const config = loadCentralConfig(join(folder, 'central.toml'))
    central = await startCentral({ config, logger: silentLogger, clock: centralClock })
    return central.brokerUrls[0] ?? ''
  }
  const kiosk = await openPressedTerminal('embedded', { clock: terminalClock, startCentral: start })
  const { installation } = kiosk
  const config = join(installation.folder, 'central.toml')
  const backups = join(installation.folder, 'backups')
  return {
    kiosk,
    /** @returns the presses that were made, all of them acknowledged */
    async press(draw: () => number): Promise<Set<string>> {
      const before = kiosk.pressed.length
      await kiosk.press(Math.round((15 + draw() * 25) * Math.min(10, faultScale)))
      await waitFor('delivery', 60_000, () => kiosk.terminal().undelivered() === 0)
      return new Set(kiosk.pressed.slice(before).map(({ id }) => id))
    },
    async backUp() {
      await runOrFail(['backup', backups, '--config', config])
      ageBackup(backups, ageMs)
    },
    pass(ms: number) {
      behindMs -= ms
      kiosk.age(ms)
    },
    /** @returns what the command said */
    async restore(): Promise<string> {
      await central.stop()
      return runOrFail(['restore', backups, '--config', config])
    },
    startCentral: () => start(installation),
    async close() {
      await central.stop()
      await kiosk.close()
    },
  }
}

function countRecords(outbox: string): number {
  const db = new Database(outbox, { readonly: true })
  try {
    return Number(db.prepare('SELECT count(*) FROM records').pluck().get())
  } finally {
    db.close()
  }
}

async function playYoung(row: FaultRow): Promise<void> {
  const rig = await openRig(10 * minuteMs)
  try {
    const { kiosk } = rig
    const before = await rig.press(row.draw)
    await rig.backUp()
    const since = new Set<string>()
    for (let i = 0; i < 5; i += 1) {
      rig.pass(2 * minuteMs)
      for (const id of await rig.press(row.draw)) since.add(id)
    }
    expect(kiosk.stored()).toBe(before.size + since.size)
    await rig.restore()
    expect(kiosk.stored()).toBe(before.size)
    await kiosk.press(5)
    await rig.startCentral()
    await waitFor('what the backup lacks', 60_000, () => kiosk.stored() === kiosk.pressed.length)
    const faults = { 'minutes old': 10, 'rows gone with the machine': since.size }
    await kiosk.finish(row, faults)
  } finally {
    await rig.close()
  }
}

async function playOld(row: FaultRow): Promise<void> {
  const rig = await openRig(15 * dayMs)
  try {
    const { kiosk } = rig
    const before = await rig.press(row.draw)
    await rig.backUp()
    const gone = await rig.press(row.draw)
    for (const run of hourly) run()
    rig.pass(15 * dayMs)
    const held = countRecords(kiosk.outbox)
    for (const run of hourly) run()
    await waitFor('what is old to be deleted', 60_000, () => countRecords(kiosk.outbox) < held - gone.size)
    const kept = await rig.press(row.draw)
    expect(kiosk.stored()).toBe(before.size + gone.size + kept.size)
    expect(await rig.restore()).toContain('The backup is 15 days old and terminals keep 14')
    expect(kiosk.stored()).toBe(before.size)
    await kiosk.press(5)
    await rig.startCentral()
    await waitFor('what can be got back', 60_000, () => kiosk.stored() === kiosk.pressed.length - gone.size)
    await waitFor('what can not to be said', 60_000, async () => {
      const { lost = [] } = await fetchLedger(kiosk.installation.httpUrl, kiosk.account.username)
      return lost.some(({ cause }) => cause === 'trimmed')
    })
    await kiosk.finish(row, { 'days old': 15, 'rows gone for good': gone.size, 'rows got back': kept.size }, gone)
  } finally {
    await rig.close()
  }
}

faultRow('central restored from a backup ten minutes old', 300, playYoung)
faultRow('central restored from a backup older than 14 days', 300, playOld)
