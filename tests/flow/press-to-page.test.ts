/** From a simulated pin, over a real serial device and real processes, to the HTTP report; and what an ack promises on the way. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseHostLine } from '../../firmware-bridge/line/parse-line.ts'
import type { SimulatedBox } from '../../firmware-bridge/simulator/simulated-box.ts'
import type { Ledger } from '../../src/contracts/http/terminals.ts'
import type { LiveCount } from '../../src/contracts/http/touchpoints.ts'
import { type BoxOnPty, hasSocat, openBoxOnPty } from '../support/box-on-pty.ts'
import { listenToBox, openBox } from '../support/box-script.ts'
import { type Installation, listBrokerKinds, openInstallation } from '../support/installation.ts'
import { readEvents } from '../support/read-events.ts'
import { waitFor } from '../support/smilepost-process.ts'

const socat = hasSocat()
const brokerKinds = listBrokerKinds()

describe.runIf(socat).each(brokerKinds)('a press of the box, by way of %s', (kind) => {
  let installation: Installation
  let box: SimulatedBox
  let cable: BoxOnPty
  /** Acks for presses that the outbox did not hold when they arrived at the box. */
  let earlyAcks: string[]
  let acks: number
  let said: string[]
  const waitForIdentity = () =>
    waitFor('the box to have an identity', 60_000, () => said.some((line) => line.startsWith('H,')))

  function watchAcks(inner: SimulatedBox): SimulatedBox {
    const write = (text: string) => {
      for (const line of text.split('\n')) {
        const parsed = parseHostLine(line)
        if (!parsed.ok || parsed.line.type !== 'ack' || parsed.line.status !== 'committed') continue
        acks += 1
        const { boxId, sequence } = parsed.line
        const rows = installation.readOutbox('SELECT 1 FROM records WHERE box = ? AND box_seq = ?', boxId, sequence)
        if (rows.length === 0) earlyAcks.push(line)
      }
      inner.write(text)
    }
    return { ...inner, write }
  }

  beforeEach(async () => {
    earlyAcks = []
    acks = 0
    installation = await openInstallation(kind)
    box = openBox({ seed: 7 })
    said = listenToBox(box)
    cable = await openBoxOnPty({ box: watchAcks(box), dir: installation.folder })
  })
  afterEach(async () => {
    await cable.close()
    await installation.close()
  })

  it('reaches the live count within seconds and the ledger agrees', async () => {
    await installation.startCentral()
    await installation.startTerminal(cable.path)
    await waitForIdentity()
    await waitFor('the terminal to be online', 60_000, async () => {
      const answer = (await (await fetch(`${installation.httpUrl}/api/v1/terminals`)).json()) as {
        terminals: { online: boolean }[]
      }
      return answer.terminals[0]?.online
    })
    const events = await readEvents<LiveCount>(`${installation.httpUrl}/api/v1/touchpoints/exit/live`, 'live')
    const before = await events.next()
    const settledAtMs = box.press(2, { holdMs: 80, bounceMs: 5 })
    const pressedAtMs = performance.now()
    // A beat without news may come first.
    let after = await events.next()
    while (after.presses === before.presses) after = await events.next()
    const tookMs = performance.now() - pressedAtMs
    events.close()
    expect(settledAtMs).toBeGreaterThan(0)
    expect(after.presses).toBe(before.presses + 1)
    expect(after.counts).toEqual([0, 1, 0, 0])
    process.stderr.write(`from the press to the live count by way of ${kind}: ${Math.round(tookMs)} ms\n`)
    await waitFor('the ack at the box', 60_000, () => acks > 0)
    expect(earlyAcks).toEqual([])

    const ledger = (await (await fetch(`${installation.httpUrl}/api/v1/terminals/kiosk-1/ledger`)).json()) as Ledger
    expect(ledger).toMatchObject({ stored: 1, missing: [], repeated: 0, quarantined: 0, refused: 0 })
  }, 240_000)

  it('is kept while the central is away, and arrives once', async () => {
    const terminal = await installation.startTerminal(cable.path)
    await waitForIdentity()
    box.press(4)
    await waitFor(
      'the commit',
      60_000,
      () => installation.readOutbox("SELECT 1 FROM records WHERE kind = 'press'").length === 1,
    )
    await terminal.end('SIGTERM')
    await installation.startCentral()
    await installation.startTerminal(cable.path)
    // At first it is only known to lie between the terminal's making and its receipt.
    const rows = await waitFor('the row, and its time', 60_000, () => {
      const found = installation.readCentral<{ value: number; source: string; utc_ms: number; error_ms: number }>(
        'SELECT value, source, utc_ms, error_ms FROM press WHERE error_ms < 10000',
      )
      return found.length > 0 && found
    })
    expect(installation.readCentral('SELECT value FROM press')).toHaveLength(1)
    expect(rows[0]).toMatchObject({ value: 0, source: 'box' })
    expect(Math.abs(Date.now() - Number(rows[0]?.utc_ms))).toBeLessThan(60_000)
  }, 240_000)
})

describe.each(brokerKinds)('a press on the glass, by way of %s', (kind) => {
  let installation: Installation
  beforeEach(async () => {
    installation = await openInstallation(kind)
  })
  afterEach(() => installation.close())

  it('counts once however often it is sent', async () => {
    await installation.startCentral()
    const { kioskUrl } = await installation.startTerminal()
    const id = crypto.randomUUID()
    await waitFor('the question', 60_000, async () => {
      const state = (await (await fetch(`${kioskUrl}/api/kiosk`)).json()) as { survey: { texts: object[] } | null }
      return state.survey?.texts.length === 2
    })
    const send = () =>
      fetch(`${kioskUrl}/api/presses`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: kioskUrl },
        body: JSON.stringify({ id, question: 'service', surveyRevision: 1, value: 3, ageMs: 0 }),
      })
    const answers = [await send(), await send(), await send()]
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    const rows = await waitFor('the row', 60_000, () => {
      const found = installation.readCentral<{ touch_id: string; value: number }>('SELECT touch_id, value FROM press')
      return found.length > 0 && found
    })
    expect(rows).toEqual([{ touch_id: id, value: 3 }])
  }, 240_000)
})
