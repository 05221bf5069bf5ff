import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { BoxPress } from '../../../firmware-bridge/serial/answer-press.ts'
import { type BoxLink, openBoxLink } from '../../../firmware-bridge/serial/box-link.ts'
import { makeSerialPortOpener } from '../../../firmware-bridge/serial/serial-port.ts'
import { systemClock } from '../../../src/shared/clock.ts'
import { type BoxOnPty, hasSocat, openBoxOnPty } from '../../support/box-on-pty.ts'
import { buttonAt, openBox } from '../../support/box-script.ts'
import { openRawCable } from '../../support/raw-cable.ts'
import { silentLogger } from '../../support/silent-logger.ts'

let dir = ''
const closing: (() => Promise<void>)[] = []
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'smilepost-serial-'))
})
afterAll(() => rmSync(dir, { recursive: true }))
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

function openLink(path: string, presses: Map<number, BoxPress>): BoxLink {
  const link = openBoxLink({
    openPort: makeSerialPortOpener({ path }),
    clock: systemClock,
    logger: silentLogger,
    random: Math.random,
    onPress: (press) => {
      presses.set(press.sequence, press)
      return 'stored'
    },
    saveBoxId: () => 'saved',
  })
  closing.push(() => link.close())
  return link
}

async function plugIn(name: string): Promise<{ box: ReturnType<typeof openBox>; pty: BoxOnPty }> {
  const box = openBox()
  const pty = await openBoxOnPty({ box, dir, name, speed: 4 })
  closing.push(() => pty.close())
  return { box, pty }
}

const patience = { timeout: 15_000, interval: 20 }

describe('the serial port', () => {
  it('that does not exist is missing, and one that is no terminal has failed', async () => {
    const plainFile = join(dir, 'plain')
    writeFileSync(plainFile, '')
    await expect(makeSerialPortOpener({ path: join(dir, 'nowhere') })()).rejects.toMatchObject({
      code: 'box-port-missing',
    })
    await expect(makeSerialPortOpener({ path: plainFile })()).rejects.toMatchObject({ code: 'box-port-failed' })
  })
})

describe.skipIf(!hasSocat())('a port on a real serial device', () => {
  async function openCabled(name: string) {
    const path = join(dir, name)
    const cable = await openRawCable(path)
    closing.push(() => cable.hangUp())
    const port = await makeSerialPortOpener({ path })()
    closing.push(() => port.close())
    return { path, cable, port }
  }

  it('says who has it when another opens it, and loses no byte over that', async () => {
    const { path, cable, port } = await openCabled('taken')
    let text = ''
    port.onBytes((bytes) => {
      text += Buffer.from(bytes).toString('latin1')
    })
    port.onClosed(() => {})
    for (let i = 0; i < 10; i++) {
      await cable.write(`${i}`)
      await expect(makeSerialPortOpener({ path })()).rejects.toMatchObject({
        code: 'box-port-busy',
        message: `another program (process ${process.pid}) has ${path} open, and a box can have only one daemon`,
      })
    }
    await vi.waitFor(() => expect(text).toBe('0123456789'), patience)
  })

  it('is given up when the device takes no bytes, instead of keeping them for ever', async () => {
    const { cable, port } = await openCabled('deaf')
    const reasons: string[] = []
    port.onBytes(() => {})
    port.onClosed((reason) => reasons.push(reason))
    cable.freeze()
    await vi.waitFor(() => {
      port.write('x'.repeat(4000))
      expect(reasons).toContain('the device takes no bytes')
    }, patience)
  })

  it('says that it is gone when the device hangs up, whether it waits or reads', async () => {
    for (let round = 0; round < 10; round++) {
      const { cable, port } = await openCabled(`gone-${round}`)
      const reason = new Promise((resolve) => port.onClosed(resolve))
      port.onBytes(() => {})
      await cable.hangUp('x'.repeat(round * 400))
      expect(await reason).toMatch(/^the device is gone/)
      await port.close()
    }
  })
})

describe.skipIf(!hasSocat())('the link over a real serial device', () => {
  it('gives the box its identity, stores its presses and lets it forget them', async () => {
    const { box, pty } = await plugIn('presses')
    const presses = new Map<number, BoxPress>()
    const link = openLink(pty.path, presses)
    await vi.waitFor(() => expect(link.state()).toBe('up'), patience)
    for (let index = 0; index < 12; index++) {
      const settledAtMs = box.press(buttonAt(index), { holdMs: 60, bounceMs: 7 })
      await vi.waitFor(() => expect(box.nowMs()).toBeGreaterThan(settledAtMs + 60), patience)
    }
    await vi.waitFor(() => expect(presses.size).toBe(12), patience)
    expect([...presses.values()].map(({ button }) => button)).toEqual(box.committed().map(({ button }) => button))
    await vi.waitFor(() => expect(link.lastHello()?.pending).toBe(0), patience)
    expect(Math.abs(systemClock.monoMs() - (presses.get(12)?.monoMs ?? 0))).toBeLessThan(15_000)
  })

  it('comes back after the cable was pulled, with what was pressed meanwhile', async () => {
    const { box, pty } = await plugIn('cable')
    const presses = new Map<number, BoxPress>()
    const link = openLink(pty.path, presses)
    await vi.waitFor(() => expect(link.state()).toBe('up'), patience)
    for (let round = 1; round <= 3; round++) {
      await pty.unplug()
      box.press(buttonAt(round))
      await vi.waitFor(() => expect(box.committed()).toHaveLength(round), patience)
      await vi.waitFor(() => expect(link.state()).not.toBe('up'), patience)
      await pty.plug()
      await vi.waitFor(() => expect(presses.size).toBe(round), patience)
    }
    expect([...presses.values()].map(({ button }) => button)).toEqual(box.committed().map(({ button }) => button))
  })

  it('lets the next daemon have the device', async () => {
    const { box, pty } = await plugIn('next')
    const first = openLink(pty.path, new Map())
    await vi.waitFor(() => expect(first.state()).toBe('up'), patience)
    await first.close()
    box.press(1)
    const presses = new Map<number, BoxPress>()
    openLink(pty.path, presses)
    await vi.waitFor(() => expect(presses.size).toBe(1), patience)
  })
})
