import { createServer } from 'node:net'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { PressRecord } from '../../src/contracts/records.ts'
import { systemClock } from '../../src/shared/clock.ts'
import { parseTerminalConfig } from '../../src/terminal/config.ts'
import { startTerminal, type Terminal } from '../../src/terminal/main.ts'
import { helloLine, makeScriptedPorts, pressLine, scriptedBoxId } from '../support/scripted-port.ts'
import { silentLogger } from '../support/silent-logger.ts'
import { makeFolder } from './outbox/open-outbox.ts'
import { openTestCentral, terminal as terminalId } from './uplink/open-uplink.ts'
import type { ScriptedCentral } from './uplink/scripted-central.ts'

const until = (check: () => void) => vi.waitFor(check, { timeout: 8_000, interval: 10 })
const started: Terminal[] = []
afterEach(async () => {
  for (const terminal of started.splice(0)) await terminal.stop()
})

async function startTest(url: string, { folder = makeFolder(), kioskPort = 0, clock = systemClock } = {}) {
  const ports = makeScriptedPorts()
  const text = [
    `[terminal]\nid = "${terminalId}"\nsecret = "s"\ndata = "${folder}"\n[broker]\nurls = ["${url}"]`,
    `[kiosk]\nport = ${kioskPort}\n[reconnect]\noutageSpreadMs = 20\nfirstDelayMs = 20\nmaxDelayMs = 50`,
  ]
  const config = parseTerminalConfig(text.join('\n'), 'test')
  const terminal = await startTerminal({ config, logger: silentLogger, openPort: ports.openPort, clock })
  started.push(terminal)
  await until(() => expect(ports.opened.length).toBeGreaterThan(0))
  ports.port().say('\n', helloLine())
  return { terminal, ports, folder, box: ports.port() }
}

function readPresses(folder: string): unknown[] {
  const db = new Database(join(folder, 'outbox.sqlite'), { readonly: true })
  const rows = db.prepare("SELECT box_seq, touch_id FROM records WHERE kind = 'press' ORDER BY ordinal, sequence").all()
  db.close()
  return rows
}

const pressesAt = (central: ScriptedCentral) =>
  [...central.stored.values()].filter((record): record is PressRecord => record.kind === 'press')

describe('a press of the box', () => {
  it('is acknowledged once it is committed, reaches the central once, and is thanked for on the page', async () => {
    const central = await openTestCentral()
    const { terminal, box, folder } = await startTest(central.url)
    let heard = ''
    const events = await fetch(`${terminal.kioskUrl}/api/kiosk/events`)
    const reading = (async () => {
      for await (const chunk of events.body ?? []) heard += Buffer.from(chunk).toString()
    })().catch(() => {})
    for (const sequence of [42, 43, 43, 44]) box.say(pressLine(sequence, { button: sequence === 44 ? 4 : 1 }))
    // Written in the same turn, so that the rows read afterwards were there before the ack.
    expect(
      box
        .heard()
        .filter(({ type }) => type === 'ack')
        .at(-1),
    ).toMatchObject({ sequence: 44, status: 'committed' })
    expect(readPresses(folder)).toMatchObject([{ box_seq: 42 }, { box_seq: 43 }, { box_seq: 44 }])
    await until(() => expect(terminal.undelivered()).toBe(0))
    expect(pressesAt(central)).toMatchObject([
      { source: 'box', box: scriptedBoxId, boxSeq: 42, value: 3, question: 'service', surveyRevision: 1 },
      { boxSeq: 43, value: 3 },
      { boxSeq: 44, value: 0 },
    ])
    await until(() => expect(heard.match(/event: press/g)).toHaveLength(3))
    await terminal.stop()
    await reading
  })

  it('is acknowledged at once where nobody has ever told the time, whatever the clock shows, and there is no network', async () => {
    let wallMs = 0
    const clock = { wallMs: () => wallMs, monoMs: systemClock.monoMs }
    const { box, folder, terminal } = await startTest('mqtt://no-such-host.invalid', { clock })
    for (const [i, shownMs] of [5 * 86_400_000, Date.UTC(2099, 0, 1), 86_400_000].entries()) {
      wallMs = shownMs
      box.say(pressLine(42 + i))
      const acks = box.heard().filter(({ type }) => type === 'ack')
      expect(acks.at(-1)).toMatchObject({ sequence: 42 + i, status: 'committed' })
    }
    expect(terminal.isConnected()).toBe(false)
    expect(readPresses(folder)).toMatchObject([{ box_seq: 42 }, { box_seq: 43 }, { box_seq: 44 }])
    const db = new Database(join(folder, 'outbox.sqlite'), { readonly: true })
    const rows = db.prepare('SELECT kind, wall_ms, mono_ms FROM records ORDER BY ordinal, sequence').all()
    db.close()
    // The order and the distances of presses are those of the monotonic clock; a tick bounds the boot from its begin.
    const [first, ...pressed] = rows as { kind: string; wall_ms: number; mono_ms: number }[]
    const days = pressed.map(({ wall_ms }) => Math.round(wall_ms / 86_400_000))
    expect([first?.kind, ...days]).toEqual(['tick', 5, 47_117, 1])
    const monos = pressed.map((row) => row.mono_ms)
    expect(monos).toEqual([...monos].sort((a, b) => a - b))
  })

  it('is kept while there is no broker, over a restart, and delivered by both epochs later', async () => {
    const reserved = await openTestCentral()
    await reserved.stop()
    const first = await startTest(reserved.url)
    first.box.say(pressLine(42), pressLine(43))
    await first.terminal.stop()
    const second = await startTest(reserved.url, { folder: first.folder })
    second.box.say(pressLine(43), pressLine(44))
    expect(second.terminal.isConnected()).toBe(false)
    const central = await openTestCentral(Number(new URL(reserved.url).port))
    await until(() => expect(second.terminal.undelivered()).toBe(0))
    expect(pressesAt(central).map((press) => press.source === 'box' && press.boxSeq)).toEqual([42, 43, 44])
    expect(central.marks.size).toBe(2)
    // The first run's orderly stop says how long it worked.
    expect([...central.stored.values()].filter(({ kind }) => kind === 'alive')).toHaveLength(1)
  })

  it('under a sequence that was used up before the daemon started is not taken for a repeat', async () => {
    const central = await openTestCentral()
    const first = await startTest(central.url)
    first.box.say(pressLine(42), pressLine(43))
    await until(() => expect(pressesAt(central)).toHaveLength(2))
    await first.terminal.stop()
    // The same identity with an older EEPROM: next is 42 again.
    const again = await startTest(central.url, { folder: first.folder })
    again.box.say(pressLine(42, { button: 4 }))
    await until(() => expect(again.terminal.counters().serial['press-reused']).toBe(1))
    expect(again.box.heard()).toContainEqual(expect.objectContaining({ sequence: 42, status: 'cannot-store' }))
    expect(pressesAt(central)).toHaveLength(2)
  })

  it('that only tells of a stuck button is stored with its flag, shown in health, and not thanked for', async () => {
    const central = await openTestCentral()
    const { terminal, box } = await startTest(central.url)
    box.say(pressLine(42, { button: 2, flags: { stuck: true, chord: false } }))
    await until(() => expect(pressesAt(central)).toMatchObject([{ boxSeq: 42, flags: 1 }]))
    expect(terminal.counters().serial['press-stored']).toBe(1)
    await until(() =>
      expect(central.hellos.at(-1)?.box ?? central.healths.at(-1)?.box).toMatchObject({ id: scriptedBoxId, next: 42 }),
    )
  })
})

describe('the configuration from the central', () => {
  it('decides what a press answers, what the page shows and how bright the box is, also after a restart', async () => {
    const central = await openTestCentral()
    const { terminal, box, folder } = await startTest(central.url)
    await until(() => expect(terminal.isConnected()).toBe(true))
    const survey = {
      question: 'food',
      revision: 7,
      scaleMax: 3,
      texts: [{ language: 'en', text: 'How was the food?' }],
    }
    const allDay = { weekdays: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '00:00' }
    central.send('desired', { rev: 3, survey, lights: { zone: 'Europe/Prague', brightness: 'dim', quiet: [allDay] } })
    await until(() => expect(box.heard()).toContainEqual({ type: 'lights', mode: 'quiet' }))
    box.say(pressLine(42, { button: 2 }))
    await until(() => expect(pressesAt(central)).toMatchObject([{ question: 'food', surveyRevision: 7, value: 2 }]))
    await terminal.stop()
    await central.stop()
    const again = await startTest(central.url, { folder })
    const state = await (await fetch(`${again.terminal.kioskUrl}/api/kiosk`)).json()
    expect(state).toEqual({ survey, connected: false })
    // Nobody has told this boot the time yet.
    await until(() => expect(again.box.heard()).toContainEqual({ type: 'lights', mode: 'dim' }))
  })
})

describe('a touch press', () => {
  it('that is sent again, also after a restart, counts once', async () => {
    const central = await openTestCentral()
    const first = await startTest(central.url)
    const press = { id: '0123456789abcdef', question: 'service', surveyRevision: 1, value: 2, ageMs: 1_500 }
    const send = async (url: string) =>
      (
        await fetch(`${url}/api/presses`, {
          ...{ method: 'POST', body: JSON.stringify(press), headers: { 'content-type': 'application/json' } },
        })
      ).json()
    expect(await send(first.terminal.kioskUrl)).toEqual({ id: press.id, stored: true })
    expect(await send(first.terminal.kioskUrl)).toEqual({ id: press.id, stored: true })
    await until(() => expect(first.terminal.undelivered()).toBe(0))
    await first.terminal.stop()
    const second = await startTest(central.url, { folder: first.folder })
    expect(await send(second.terminal.kioskUrl)).toEqual({ id: press.id, stored: true })
    await until(() => expect(second.terminal.undelivered()).toBe(0))
    expect(pressesAt(central)).toMatchObject([{ source: 'touch', touchId: press.id, value: 2 }])
    expect(central.hellos.at(-1)?.touchIssued).toBe(1)
  })
})

describe('starting and stopping', () => {
  it('says offline, frees the port and answers nothing any more; stopping twice is stopping once', async () => {
    const central = await openTestCentral()
    const { terminal, box } = await startTest(central.url)
    await until(() => expect(terminal.isConnected()).toBe(true))
    await Promise.all([terminal.stop(), terminal.stop()])
    await until(() => expect(central.statuses.at(-1)?.status).toBe('offline'))
    expect(box.isClosed()).toBe(true)
    await expect(fetch(`${terminal.kioskUrl}/healthz`)).rejects.toThrow()
  })

  it('fails with the reason where the port is taken, and leaves nothing open', async () => {
    const central = await openTestCentral()
    const blocker = createServer().listen(0, '127.0.0.1')
    await until(() => expect(blocker.listening).toBe(true))
    const { port } = blocker.address() as { port: number }
    const folder = makeFolder()
    await expect(startTest(central.url, { folder, kioskPort: port })).rejects.toMatchObject({ code: 'address-taken' })
    blocker.close()
    expect(central.statuses.filter(({ status }) => status === 'online').length).toBe(
      central.statuses.filter(({ status }) => status === 'offline').length,
    )
    const { terminal } = await startTest(central.url, { folder })
    await until(() => expect(terminal.isConnected()).toBe(true))
  })
})
