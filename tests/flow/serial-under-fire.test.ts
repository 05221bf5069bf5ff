/**
 * The real daemon with the real serialport on a real tty, and everything that a cable, a box or a person can do to it.
 * In each: it takes little of the machine, it comes back by itself, and afterwards its presses are exactly the box's.
 */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { formatFrame, formatLine } from '../../firmware-bridge/line/format-line.ts'
import { hasSocat, openBoxOnPty } from '../support/box-on-pty.ts'
import { buttonAt, listenToBox, openBox } from '../support/box-script.ts'
import { type Installation, openInstallation } from '../support/installation.ts'
import { meterProcess, type UsageSince } from '../support/process-usage.ts'
import { openRawCable, type RawCable } from '../support/raw-cable.ts'
import { helloLine, pressLine } from '../support/scripted-port.ts'
import { type SmilepostProcess, startSmilepost, waitFor } from '../support/smilepost-process.ts'
import { openWireBox, type WireBox } from '../support/wire-box.ts'

type Press = { sequence: number; button: number }

describe.runIf(hasSocat())('the daemon on a serial device', () => {
  let installation: Installation
  let boxId: string
  let device: string
  let daemon: SmilepostProcess
  let box: WireBox
  let cable: RawCable

  beforeAll(async () => {
    installation = await openInstallation()
    await installation.startCentral()
  })
  afterAll(() => installation.close())
  afterEach(async () => {
    box.stop()
    await cable.hangUp()
    await daemon.end('SIGKILL')
  })

  /** Each on a device and with a box of its own, so that what one leaves behind is nobody else's. */
  async function start(name: string): Promise<void> {
    boxId = createHash('sha256').update(name).digest('hex').slice(0, 8)
    device = join(installation.folder, name)
    cable = await openRawCable(device)
    box = openWireBox(boxId)
    box.plug(cable)
    daemon = await installation.startTerminal(device)
    await waitForGreeting(20_000)
  }

  /** The daemon has opened the device, heard the box and woken it. */
  const waitForGreeting = (deadlineMs = 8000) =>
    waitFor('the daemon to greet the box', deadlineMs, () => box.takeHeard().some(({ type }) => type === 'wake'))

  async function replug(): Promise<number> {
    const pluggedAtMs = performance.now()
    cable = await openRawCable(device)
    box.takeHeard()
    box.plug(cable)
    await waitForGreeting()
    return performance.now() - pluggedAtMs
  }

  function readPresses(id: string): Press[] {
    return installation
      .readOutbox<{ box_seq: number; content: string }>(
        "SELECT box_seq, content FROM records WHERE kind = 'press' AND box = ? ORDER BY ordinal, sequence",
        id,
      )
      .map(({ box_seq, content }) => ({
        sequence: box_seq,
        button: 4 - (JSON.parse(content) as { value: number }).value,
      }))
  }

  async function expectExact(): Promise<void> {
    for (let i = 0; i < 5; i++) box.press(buttonAt(i))
    await waitFor('the box to be rid of its presses', 10_000, () => box.pending() === 0)
    expect(readPresses(boxId)).toEqual(box.committed())
  }

  function expectModest(name: string, usage: UsageSince): void {
    process.stderr.write(
      `${name}: ${usage.cpuPercent.toFixed(1)} % of a core over ${usage.seconds.toFixed(1)} s, RSS ${usage.rssMb.toFixed(0)} MB (${usage.grownMb >= 0 ? '+' : ''}${usage.grownMb.toFixed(0)})\n`,
    )
    expect(usage.cpuPercent).toBeLessThan(5)
    expect(usage.grownMb).toBeLessThan(32)
  }

  it('survives 25 hang-ups in the middle of reading', async () => {
    await start('hang-up')
    const measure = meterProcess(daemon.pid)
    const tookMs: number[] = []
    for (let round = 0; round < 25; round++) {
      box.press(buttonAt(round))
      const hello = formatLine(helloLine({ boxId, nextSequence: box.committed().length + 1 }))
      await cable.hangUp(hello.repeat(1 + (round % 20)))
      box.press(buttonAt(round + 1))
      tookMs.push(await replug())
    }
    const usage = measure()
    const worstMs = Math.max(...tookMs)
    process.stderr.write(`25 hang-ups: back after ${Math.round(worstMs)} ms at most\n`)
    expect(worstMs).toBeLessThan(5000)
    expectModest('25 hang-ups', usage)
    await expectExact()
  }, 120_000)

  it('outlives 50 MB without a newline', async () => {
    await start('babble')
    box.press(1)
    box.setMute(true)
    const measure = meterProcess(daemon.pid)
    const chunk = new Uint8Array(500_000).fill(0x78)
    for (let i = 0; i < 100; i++) await cable.write(chunk)
    expectModest('50 MB of babble', measure())
    box.setMute(false)
    await waitForGreeting()
    await expectExact()
  }, 180_000)

  it('takes a full line that comes byte by byte for what it is', async () => {
    await start('bytes')
    box.setChunk(1)
    const measure = meterProcess(daemon.pid)
    const filler = `\n${'x'.repeat(90)}`
    const startedAtMs = performance.now()
    let sent = 0
    // 57600 baud carry 5760 bytes a second.
    while (sent < 5 * 5760) {
      for (; sent < (performance.now() - startedAtMs) * 5.76; sent++) await cable.write(filler[sent % 91] ?? '')
      if (sent % 4000 < 6) box.press(buttonAt(sent))
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    expectModest('byte by byte at 57600 baud', measure())
    await cable.write('\n')
    await expectExact()
  }, 60_000)

  it('looks for a silent box again and again, at no cost', async () => {
    await start('silence')
    box.setMute(true)
    const measure = meterProcess(daemon.pid)
    await waitFor('two silences', 20_000, () => (daemon.output().stderr.match(/silent for 3000 ms/g)?.length ?? 0) >= 2)
    expectModest('silence', measure())
    box.setMute(false)
    await waitForGreeting()
    await expectExact()
  }, 60_000)

  it('is not led astray by other boxes, rubbish and half lines in its session', async () => {
    const rubbish = ['\n', '\xff\x00\xfe\n', `${'U'.repeat(300)}\n`, formatFrame('E,1'), 'H,1,0a1b2c3d,7,1,4\n', '\r\n']
    await start('foreign')
    for (let round = 0; round < 40; round++) {
      const foreign = pressLine(round + 1, { boxId: 'deadbeef', button: 4 })
      await cable.write(`${rubbish[round % rubbish.length]}${formatLine(foreign)}`)
      box.press(buttonAt(round))
      if (round === 20) await cable.write(`${formatLine(helloLine({ boxId: 'deadbeef' }))}${formatLine(foreign)}`)
      if (round === 30) box.restart()
      await waitFor('a turn', 5000, () => box.pending() < 3)
    }
    await expectExact()
    // Only what came while the other box had introduced itself is its own.
    expect(readPresses('deadbeef').length).toBeLessThanOrEqual(1)
    const toForeign = box.takeHeard().filter((line) => line.type === 'ack' && line.boxId === 'deadbeef')
    expect(toForeign.length).toBeLessThanOrEqual(1)
  }, 60_000)

  it('opens onto garbage and the second half of a line without taking anything for a press', async () => {
    boxId = '9a5ba9e0'
    device = join(installation.folder, 'garbage')
    cable = await openRawCable(device)
    box = openWireBox(boxId)
    daemon = await installation.startTerminal(device)
    for (let i = 0; i < 30; i++) await cable.write(`,1,20,0*AD91${formatLine(pressLine(99, { boxId }))}\x80\n\n`)
    box.plug(cable)
    await waitForGreeting()
    await expectExact()
  }, 60_000)

  it('tells a second daemon whose device it is, and notices nothing of it', async () => {
    await start('shared')
    const config = readFileSync(join(installation.folder, 'terminal.toml'), 'utf8')
    const second = join(installation.folder, 'second.toml')
    writeFileSync(second, config.replace(/^data = "(.*)"$/m, 'data = "$1-second"').replace('mqtt://127', 'mqtt://0'))
    const rival = startSmilepost(['terminal', '--config', second], { SMILEPOST_SECRET: 'x'.repeat(32) })
    try {
      const sentence = `another program (process ${daemon.pid}) has ${device} open`
      await waitFor('the refusal', 20_000, () => rival.output().stderr.includes(sentence))
      box.takeHeard()
      for (let i = 0; i < 40; i++) {
        box.press(buttonAt(i))
        await waitFor('the press to be taken', 5000, () => box.pending() === 0)
      }
      // No new greeting: the session is the one from before.
      expect(box.takeHeard().filter(({ type }) => type === 'wake')).toEqual([])
      await expectExact()
      await daemon.end('SIGTERM')
      await waitForGreeting(10_000)
    } finally {
      await rival.end('SIGKILL')
    }
  }, 60_000)

  it('loses and doubles nothing while the port comes and goes under presses, on the real image', async () => {
    await start('image')
    await cable.hangUp()
    const real = openBox({ seed: 97 })
    const said = listenToBox(real)
    const pty = await openBoxOnPty({ box: real, dir: installation.folder, name: 'image', speed: 4 })
    try {
      const measure = meterProcess(daemon.pid)
      await waitFor('an identity', 20_000, () => said.some((line) => line.startsWith('H,')))
      for (let round = 0; round < 15; round++) {
        const settledAtMs = real.press(buttonAt(round), { holdMs: 60, bounceMs: 7 })
        await waitFor('some time', 10_000, () => real.nowMs() > settledAtMs + 37 * (round % 5))
        await pty.unplug()
        const pressedAtMs = real.press(buttonAt(round + 1), { holdMs: 60, bounceMs: 7 })
        await waitFor('a press in the dark', 10_000, () => real.nowMs() > pressedAtMs + 60)
        await pty.plug()
        if (round % 3 === 2)
          await waitFor('the daemon', 10_000, () => readPresses(idOf(real.committed())).length > round)
      }
      const truth = () => real.committed().map(({ sequence, button }) => ({ sequence, button }))
      await waitFor('all presses', 20_000, () => readPresses(idOf(real.committed())).length >= truth().length)
      expectModest('the port comes and goes', measure())
      expect(readPresses(idOf(real.committed()))).toEqual(truth())
    } finally {
      await pty.close()
    }
  }, 90_000)
})

function idOf(committed: readonly { boxId: string }[]): string {
  return committed[0]?.boxId ?? 'none'
}
