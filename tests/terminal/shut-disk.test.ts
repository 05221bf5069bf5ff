/**
 * The built daemon on disks that take nothing: full to the last byte before it starts, and read-only. It comes up, takes no press, says so,
 * and goes on by itself. Truth is what it answered for.
 */
import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Check } from 'typebox/value'
import { afterEach, describe, expect, it } from 'vitest'
import { DaemonState } from '../../src/contracts/http/kiosk.ts'
import { openOutbox } from '../../src/terminal/outbox/outbox.ts'
import { canMount, mountSizedDisk } from '../faults/support/sized-disk.ts'
import { silentLogger } from '../support/silent-logger.ts'
import { startSmilepost, waitFor } from '../support/smilepost-process.ts'

const isPossible = canMount(mkdtempSync(join(tmpdir(), 'smilepost-mount-')))
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** @param ballastMb 0: no reserve helps it */
function prepare(ballastMb: number) {
  const folder = mkdtempSync(join(tmpdir(), 'smilepost-shut-'))
  closers.push(() => rmSync(folder, { recursive: true, force: true }))
  const data = join(folder, 'data')
  const disk = mountSizedDisk(data, 8)
  if (!disk) throw new Error('not mounted')
  closers.push(() => disk.unmount())
  const config = join(folder, 'terminal.toml')
  const text = `[terminal]\nid = "kiosk-1"\nsecret = "s"\ndata = "${data}"\n[broker]\nurls = ["mqtt://127.0.0.1:1"]\n[kiosk]\nport = 0\n[disk]\nballastMb = ${ballastMb}\n`
  writeFileSync(config, text)
  return { data, disk, config }
}

async function start(config: string) {
  const daemon = startSmilepost(['terminal', '--config', config])
  closers.push(() => daemon.end('SIGKILL'))
  const [, url = ''] = await daemon.waitForOutput(/^kiosk (\S+)$/m)
  const press = async (id = randomUUID()) => {
    const body = JSON.stringify({ id, question: 'service', surveyRevision: 1, value: 3, ageMs: 0 })
    const headers = { 'content-type': 'application/json' }
    return (await fetch(`${url}/api/presses`, { method: 'POST', headers, body })).status
  }
  const state = async (): Promise<DaemonState> => {
    const told: unknown = await (await fetch(`${url}/api/daemon`)).json()
    if (!Check(DaemonState, told)) throw new Error(JSON.stringify(told))
    return told
  }
  const untilTaken = () => waitFor('presses to be taken again', 20_000, async () => (await press()) === 200)
  return { daemon, press, state, untilTaken }
}

/** Touch presses that are in the outbox, by opening it as the next start would. */
function countStored(data: string): number {
  const path = join(data, 'outbox.sqlite')
  const clock = { wallMs: () => Date.now(), monoMs: () => 1 }
  const outbox = openOutbox({ path, clock, randomHex: (digits) => 'a'.repeat(digits), logger: silentLogger })
  const count = outbox.touchIssued()
  outbox.close()
  return count
}

describe.runIf(isPossible)('a daemon that starts', () => {
  it.each([0, 1])(
    'with 0 bytes free and %i MB of ballast, which is full too, comes up and recovers by itself',
    { timeout: 90_000 },
    async (ballastMb) => {
      const { data, disk, config } = prepare(ballastMb)
      const first = await start(config)
      if (ballastMb > 0) await waitFor('the ballast', 10_000, () => existsSync(join(data, 'ballast')))
      let taken = 0
      for (let i = 0; i < 5; i += 1) taken += Number((await first.press()) === 200)
      expect(taken).toBe(5)
      await first.daemon.end('SIGKILL')
      if (ballastMb > 0) disk.free('ballast')
      // As after a power cut: the index of the WAL is made anew by whoever opens it.
      rmSync(join(data, 'outbox.sqlite-shm'))
      disk.fill('filler')
      expect(statfsSync(data).bavail).toBe(0)

      const second = await start(config)
      expect(await second.press()).toBe(507)
      expect((await second.state()).storage).toMatchObject({ refusing: true, quarantined: [] })
      disk.free('filler')
      await second.untilTaken()
      taken += 1
      expect((await second.state()).storage.refusing).toBe(false)
      expect(await second.daemon.end('SIGTERM')).toBe(0)
      expect(second.daemon.output().stderr).toMatch(/the disk is full/)
      expect(countStored(data)).toBe(taken)
      expect(readdirSync(data)).not.toContain('quarantine')
    },
  )

  it('on a new card with 0 bytes free waits for room with its page up', { timeout: 60_000 }, async () => {
    const { data, disk, config } = prepare(0)
    disk.fill('filler')
    const { daemon, press, state, untilTaken } = await start(config)
    expect(await press()).toBe(507)
    expect((await state()).storage.refusing).toBe(true)
    disk.free('filler')
    await untilTaken()
    expect(await daemon.end('SIGTERM')).toBe(0)
    expect(countStored(data)).toBe(1)
  })

  it('on a read-only disk tells so, and goes on when it can be written', { timeout: 60_000 }, async () => {
    const { data, config } = prepare(0)
    const first = await start(config)
    expect(await first.press()).toBe(200)
    await first.daemon.end('SIGKILL')
    const remount = (mode: string) => spawnSync('mount', ['-o', `remount,${mode}`, data]).status
    expect(remount('ro')).toBe(0)
    const second = await start(config)
    expect(await second.press()).toBe(507)
    expect((await second.state()).storage).toMatchObject({ refusing: true, quarantined: [] })
    expect(remount('rw')).toBe(0)
    await second.untilTaken()
    expect(await second.daemon.end('SIGTERM')).toBe(0)
    expect(countStored(data)).toBe(2)
  })
})

it('refuses a file in the place of its folder with exit 78', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'smilepost-shut-'))
  closers.push(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'data')
  writeFileSync(file, 'not a folder')
  const config = join(folder, 'terminal.toml')
  writeFileSync(
    config,
    `[terminal]\nid = "kiosk-1"\nsecret = "s"\ndata = "${file}"\n[broker]\nurls = ["mqtt://127.0.0.1:1"]\n`,
  )
  const daemon = startSmilepost(['terminal', '--config', config])
  expect(await daemon.exited).toBe(78)
  expect(daemon.output().stderr).toMatch(/terminal\.data: \S+ is a file, not a folder/)
})
