import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SerialPort } from 'serialport'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { type BoxPty, openBoxPty } from '../../../firmware-bridge/simulator/box-pty.ts'
import { hasSocat } from '../../support/box-on-pty.ts'
import { makeMouth, openKnownBox } from '../../support/box-script.ts'

let dir = ''
const closing: (() => Promise<void> | void)[] = []
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'smilepost-pty-'))
})
afterAll(() => rmSync(dir, { recursive: true }))
afterEach(async () => {
  vi.unstubAllEnvs()
  for (const close of closing.splice(0).reverse()) await close()
})

async function open(options: Parameters<typeof openBoxPty>[0]): Promise<BoxPty> {
  const pty = await openBoxPty(options)
  closing.push(() => pty.close())
  return pty
}

/** An independent reader: no code of ours, as a program in any language would read the device. */
function read(path: string): { text: () => string; ended: Promise<unknown>; stop: () => Promise<unknown> } {
  const cat = spawn('cat', [path])
  let text = ''
  cat.stdout.on('data', (bytes: Buffer) => {
    text += bytes.toString('latin1')
  })
  const ended = new Promise((resolve) => cat.once('close', resolve))
  const stop = () => {
    cat.kill()
    return ended
  }
  closing.push(() => void stop())
  return { text: () => text, ended, stop }
}

const patience = { timeout: 10_000, interval: 10 }

describe.skipIf(!hasSocat())('the serial device of a simulated box', () => {
  it('is read and written by any program', async () => {
    const box = openKnownBox()
    const { path } = await open({ end: box, path: join(dir, 'plain') })
    const reader = read(path)
    box.press(3)
    box.advance(200)
    await vi.waitFor(() => expect(reader.text()).toMatch(/\nE,3f9c02d7,1,3,\d+,0\*[0-9A-F]{4}\n$/), patience)
    // The CRC is that of an A for sequence 1, status 0, made outside of this code base.
    writeFileSync(path, `A,3f9c02d7,1,0*${crcByHand('A,3f9c02d7,1,0')}\n`)
    await vi.waitFor(() => {
      box.advance(500)
      expect(reader.text()).toMatch(/\nH,1,3f9c02d7,1,1,2,0,0,0,[^\n]*\n/)
    }, patience)
  })

  it('hangs its reader up when unplugged, and comes back under the same path', async () => {
    const box = openKnownBox()
    const pty = await open({ end: box, path: join(dir, 'plug') })
    const first = read(pty.path)
    box.advance(1000)
    await vi.waitFor(() => expect(first.text()).toContain('H,1,'), patience)
    await pty.unplug()
    await first.ended
    expect(existsSync(pty.path)).toBe(false)
    await pty.plug()
    const second = read(pty.path)
    box.advance(1000)
    await vi.waitFor(() => expect(second.text()).toContain('H,1,'), patience)
  })

  it('that powers the box goes and comes with its power', async () => {
    const box = openKnownBox()
    const { path } = await open({ end: box, path: join(dir, 'powered'), isCablePowered: true })
    box.powerOff()
    await vi.waitFor(() => expect(existsSync(path)).toBe(false), patience)
    box.powerOn()
    await vi.waitFor(() => expect(existsSync(path)).toBe(true), patience)
  })

  it('does not keep for a late reader what was said while nobody listened', async () => {
    const mouth = makeMouth()
    const pty = await open({ end: mouth.end, path: join(dir, 'late') })
    let said = 0
    const say = () => mouth.say(Buffer.from(`line ${String(said++).padStart(20)}\n`.repeat(10)))
    await vi.waitFor(() => {
      say()
      expect(pty.lostBytes()).toBeGreaterThan(20_000)
    }, patience)
    const port = new SerialPort({ path: pty.path, baudRate: 57600, autoOpen: false })
    await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())))
    closing.push(() => new Promise<void>((resolve) => port.close(() => resolve())))
    let text = ''
    port.on('data', (bytes: Buffer) => {
      text += bytes.toString('latin1')
    })
    const openedAt = said
    const fresh = () => [...text.matchAll(/^line +(\d+)$/gm)].filter(([, at]) => Number(at) >= openedAt)
    await vi.waitFor(() => {
      say()
      expect(fresh().length).toBeGreaterThan(0)
    }, patience)
    // Nothing but what fits into the patience of the wire: 1 s of ten lines every 10 ms; the minutes before are lost.
    expect(text.split('\n').length - fresh().length).toBeLessThan(1500)
  })

  it('is refused where it would replace something, and takes over a dead link', async () => {
    const box = openKnownBox()
    const file = join(dir, 'precious')
    writeFileSync(file, 'kept')
    await expect(openBoxPty({ end: box, path: file })).rejects.toThrow(/precious exists already/)
    expect(readFileSync(file, 'utf8')).toBe('kept')
    const { path } = await open({ end: box, path: join(dir, 'twice') })
    await expect(openBoxPty({ end: box, path })).rejects.toMatchObject({ code: 'simulator-device' })
    symlinkSync(join(dir, 'gone'), join(dir, 'dead'))
    await open({ end: box, path: join(dir, 'dead') })
    await expect(openBoxPty({ end: box, path: join(dir, 'no-folder', 'box') })).rejects.toThrow(/^socat: ended/)
  })

  it('says what to install where socat is missing', async () => {
    vi.stubEnv('PATH', dir)
    await expect(openBoxPty({ end: openKnownBox(), path: join(dir, 'none') })).rejects.toThrow(
      /^socat is not installed.*apt-get install socat/,
    )
  })
})

/** CRC-16/CCITT-FALSE as its textbook definition has it, bit by bit. */
function crcByHand(body: string): string {
  let crc = 0xffff
  for (const byte of Buffer.from(body, 'latin1'))
    for (let bit = 7; bit >= 0; bit--) {
      const isOut = ((crc >> 15) ^ (byte >> bit)) & 1
      crc = ((crc << 1) & 0xffff) ^ (isOut ? 0x1021 : 0)
    }
  return crc.toString(16).toUpperCase().padStart(4, '0')
}
