/**
 * The real daemon with the real serialport on a real tty, and everything that a cable, a box or a person can do to it.
 * In each: it takes little of the machine, it comes back by itself, and afterwards its presses are exactly the box's.
 * In three lanes, each with a daemon of its own, since nearly all of the time is waiting for a line.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { formatFrame, formatLine } from '../../firmware-bridge/line/format-line.ts'
import { hasSocat, openBoxOnPty } from '../support/box-on-pty.ts'
import { buttonAt, listenToBox, openBox } from '../support/box-script.ts'
import { meterProcess } from '../support/process-usage.ts'
import { helloLine, pressLine } from '../support/scripted-port.ts'
import { expectModest, useSerialBench } from '../support/serial-bench.ts'
import { startSmilepost, waitFor } from '../support/smilepost-process.ts'

/** At most this often, as a queue of people presses. */
const pressEveryMs = 250
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe.runIf(hasSocat())('the daemon on a serial device', () => {
  describe.concurrent('that comes and goes', () => {
    const bench = useSerialBench()

    it.sequential('survives 25 hang-ups in the middle of reading', async () => {
      await bench.start('hang-up')
      const { box, boxId } = bench
      const measure = meterProcess(bench.daemon.pid)
      const tookMs: number[] = []
      for (let round = 0; round < 25; round++) {
        box.press(buttonAt(round))
        const hello = formatLine(helloLine({ boxId, nextSequence: box.committed().length + 1 }))
        await bench.cable.hangUp(hello.repeat(1 + (round % 20)))
        box.press(buttonAt(round + 1))
        tookMs.push(await bench.replug())
      }
      const usage = measure()
      process.stderr.write(`25 hang-ups: back after ${Math.round(Math.max(...tookMs))} ms at most\n`)
      expectModest('25 hang-ups', usage)
      await bench.expectExact()
    }, 240_000)

    it.sequential('loses and doubles nothing while the port comes and goes under presses, on the real image', async () => {
      await bench.start('image')
      await bench.cable.hangUp()
      const real = openBox({ seed: 97 })
      const said = listenToBox(real)
      const pty = await openBoxOnPty({ box: real, dir: bench.installation.folder, name: 'image', speed: 4 })
      const stored = () => bench.readPresses(idOf(real.committed()))
      try {
        const measure = meterProcess(bench.daemon.pid)
        await waitFor('an identity', 60_000, () => said.some((line) => line.startsWith('H,')))
        for (let round = 0; round < 15; round++) {
          const settledAtMs = real.press(buttonAt(round), { holdMs: 60, bounceMs: 7 })
          await waitFor('some time', 60_000, () => real.nowMs() > settledAtMs + 37 * (round % 5))
          await pty.unplug()
          const pressedAtMs = real.press(buttonAt(round + 1), { holdMs: 60, bounceMs: 7 })
          await waitFor('a press in the dark', 60_000, () => real.nowMs() > pressedAtMs + 60)
          await pty.plug()
          await sleep(pressEveryMs)
          if (round % 3 === 2) await waitFor('the daemon', 60_000, () => stored().length > round)
        }
        const truth = () => real.committed().map(({ sequence, button }) => ({ sequence, button }))
        await waitFor('all presses', 60_000, () => stored().length >= truth().length)
        expectModest('the port comes and goes', measure())
        expect(stored()).toEqual(truth())
      } finally {
        await pty.close()
      }
    }, 240_000)
  })

  describe.concurrent('that says what it should not', () => {
    const bench = useSerialBench()

    it.sequential('takes a full line that comes byte by byte for what it is', async () => {
      await bench.start('bytes')
      const { box, cable } = bench
      box.setChunk(1)
      const measure = meterProcess(bench.daemon.pid)
      const filler = `\n${'x'.repeat(90)}`
      const startedAtMs = performance.now()
      let sent = 0
      // 57600 baud carry 5760 bytes a second.
      while (sent < 5 * 5760) {
        for (; sent < (performance.now() - startedAtMs) * 5.76; sent++) await cable.write(filler[sent % 91] ?? '')
        if (sent % 4000 < 6) box.press(buttonAt(sent))
        await sleep(1)
      }
      expectModest('byte by byte at 57600 baud', measure())
      await cable.write('\n')
      await bench.expectExact()
    }, 240_000)

    it.sequential('looks for a silent box again and again, at no cost', async () => {
      await bench.start('silence')
      bench.box.setMute(true)
      const measure = meterProcess(bench.daemon.pid)
      const silences = () => bench.daemon.output().stderr.match(/silent for 3000 ms/g)?.length ?? 0
      await waitFor('two silences', 60_000, () => silences() >= 2)
      expectModest('silence', measure())
      bench.box.setMute(false)
      await bench.waitForGreeting()
      await bench.expectExact()
    }, 240_000)

    it.sequential('is not led astray by other boxes, rubbish and half lines in its session', async () => {
      const rubbish = [
        '\n',
        '\xff\x00\xfe\n',
        `${'U'.repeat(300)}\n`,
        formatFrame('E,1'),
        'H,1,0a1b2c3d,7,1,4\n',
        '\r\n',
      ]
      await bench.start('foreign')
      const { box, cable } = bench
      const measure = meterProcess(bench.daemon.pid)
      for (let round = 0; round < 40; round++) {
        const foreign = pressLine(round + 1, { boxId: 'deadbeef', button: 4 })
        await cable.write(`${rubbish[round % rubbish.length]}${formatLine(foreign)}`)
        box.press(buttonAt(round))
        if (round === 20) await cable.write(`${formatLine(helloLine({ boxId: 'deadbeef' }))}${formatLine(foreign)}`)
        if (round === 30) box.restart()
        await waitFor('a turn', 60_000, () => box.pending() < 3)
        await sleep(pressEveryMs)
      }
      expectModest('other boxes and rubbish', measure())
      await bench.expectExact()
      // Only what came while the other box had introduced itself is its own.
      expect(bench.readPresses('deadbeef').length).toBeLessThanOrEqual(1)
      const toForeign = box.takeHeard().filter((line) => line.type === 'ack' && line.boxId === 'deadbeef')
      expect(toForeign.length).toBeLessThanOrEqual(1)
    }, 240_000)
  })

  describe.concurrent('that is not its box alone', () => {
    const bench = useSerialBench()

    it.sequential('opens onto garbage and the second half of a line without taking anything for a press', async () => {
      await bench.open('garbage')
      const { box, cable, boxId } = bench
      const measure = meterProcess(bench.daemon.pid)
      for (let i = 0; i < 80; i++) {
        await cable.write(`,1,20,0*AD91${formatLine(pressLine(99, { boxId }))}\x80\n\n`)
        await sleep(100)
      }
      expectModest('opening onto garbage', measure())
      box.plug(cable)
      await bench.waitForGreeting()
      await bench.expectExact()
    }, 240_000)

    it.sequential('tells a second daemon whose device it is, and notices nothing of it', async () => {
      await bench.start('shared')
      const { box, daemon, device, installation } = bench
      const config = readFileSync(join(installation.folder, 'terminal.toml'), 'utf8')
      const second = join(installation.folder, 'second.toml')
      writeFileSync(second, config.replace(/^data = "(.*)"$/m, 'data = "$1-second"').replace('mqtt://127', 'mqtt://0'))
      const rival = startSmilepost(['terminal', '--config', second], { SMILEPOST_SECRET: 'x'.repeat(32) })
      try {
        const sentence = `another program (process ${daemon.pid}) has ${device} open`
        await waitFor('the refusal', 60_000, () => rival.output().stderr.includes(sentence))
        const [measure, measureRival] = [meterProcess(daemon.pid), meterProcess(rival.pid)]
        box.takeHeard()
        for (let i = 0; i < 40; i++) {
          box.press(buttonAt(i))
          await waitFor('the press to be taken', 60_000, () => box.pending() === 0)
          await sleep(pressEveryMs)
        }
        expectModest('the daemon that has the device', measure())
        expectModest('the daemon that wants it', measureRival())
        // No new greeting: the session is the one from before.
        expect(box.takeHeard().filter(({ type }) => type === 'wake')).toEqual([])
        await bench.expectExact()
        await daemon.end('SIGTERM')
        await bench.waitForGreeting()
      } finally {
        await rival.end('SIGKILL')
      }
    }, 240_000)
  })
})

function idOf(committed: readonly { boxId: string }[]): string {
  return committed[0]?.boxId ?? 'none'
}
