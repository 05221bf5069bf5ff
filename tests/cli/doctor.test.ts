/** `smilepost doctor` as a person types it: exit codes, words, JSON, other users, and a daemon that is at work. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { parseBoxLine } from '../../firmware-bridge/line/parse-line.ts'
import { makeSerialPortOpener } from '../../firmware-bridge/serial/serial-port.ts'
import { readBoxHex } from '../../firmware-bridge/simulator/box-hex.ts'
import { parseIntelHex } from '../../firmware-bridge/simulator/intel-hex.ts'
import { askDaemon } from '../../src/cli/doctor/ask-daemon.ts'
import { makeLineCheck } from '../../src/cli/doctor/check-line.ts'
import type { Finding } from '../../src/cli/doctor/finding.ts'
import { readImageFirmware } from '../../src/cli/doctor/image-firmware.ts'
import { systemClock } from '../../src/shared/clock.ts'
import { hasSocat } from '../support/box-on-pty.ts'
import { listenToBox, openKnownBox } from '../support/box-script.ts'
import { runSmilepost, startSmilepost } from '../support/smilepost-process.ts'
import { type Bench, openBench } from './doctor-device.ts'

const isPtyThere = hasSocat()
let bench: Bench
beforeEach(() => {
  bench = openBench()
})
// A box that lives on would cost the next one its time.
afterEach(() => bench.close())

function writeConfig(name: string, device: string, kioskPort: number): string {
  const path = join(bench.folder, `${name}.toml`)
  const text = [
    `[terminal]\nid = "kiosk-1"\nsecret = "s"\ndata = "${join(bench.folder, name)}"`,
    `[serial]\ndevice = "${device}"`,
    `[broker]\nurls = ["mqtt://127.0.0.1:1"]\n[kiosk]\nport = ${kioskPort}\n[log]\nlevel = "silent"\n`,
  ]
  writeFileSync(path, text.join('\n'))
  return path
}

const doctor = (...args: string[]) => runSmilepost(['doctor', ...args])
/** What it says of the line; no broker is there in these tests. */
const lineOf = (stdout: string) =>
  (JSON.parse(stdout) as { findings: Finding[] }).findings.filter(({ check }) => check === 'line')

describe('the command', () => {
  it('explains itself', async () => {
    const { code, stdout } = await doctor('--help')
    expect(code).toBe(0)
    expect(stdout).toMatch(/Usage: smilepost doctor[\s\S]*Example:/)
  })

  it.each([[['--colour']], [['--seconds', '1']]])('%j is wrong usage, exit 2', async (args) => {
    const { code, stdout, stderr } = await doctor(...args)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain('--help')
  })

  it('with a wrong configuration ends with 78; a secret it does without', async () => {
    const broken = join(bench.folder, 'broken.toml')
    writeFileSync(broken, '[kiosk]\nport = 99999\n')
    const { code, stderr } = await doctor('--config', broken)
    expect(code).toBe(78)
    expect(stderr).toContain('kiosk.port')
    expect(stderr).not.toContain('secret')
  })

  it('says what is wrong and what to do, exit 1, without colours in a pipe', async () => {
    const config = writeConfig('missing', '/dev/serial/by-path/nothing', 0)
    const { code, stdout, stderr } = await doctor('--config', config)
    expect([code, stderr]).toEqual([1, ''])
    expect(stdout).toMatch(/^FAIL {2}There is no device \/dev\/serial\/by-path\/nothing\.\n {6}Do: Plug the box in/)
    expect(stdout).not.toContain('\u001b')
    expect(stdout).toMatch(/\d to repair, \d to look at\.\n$/)
  })

  it('without a box in the configuration only warns', async () => {
    const { stdout } = await doctor('--config', writeConfig('boxless', '', 0), '--json')
    expect(lineOf(stdout)).toMatchObject([{ status: 'warn', code: 'no-box' }])
  })
})

describe('the image in this package', () => {
  it('is of the version that the box tells', () => {
    const box = openKnownBox()
    const lines = listenToBox(box)
    box.advance(1100)
    const hellos = lines.map(parseBoxLine).filter((parsed) => parsed.ok && parsed.line.type === 'hello')
    expect(hellos.at(-1)).toMatchObject({ line: { firmware: readImageFirmware() } })
  })
})

const nobody = 65_534
const command = join(import.meta.dirname, '../../dist/src/cli/smilepost.js')
const canBeNobody = canRunAsNobody()

/** Only root can become somebody else, and who can't read this checkout can't run doctor from it. */
function canRunAsNobody(): boolean {
  const asNobody = { uid: nobody, gid: nobody }
  if (process.getuid?.() === 0 && spawnSync(process.execPath, [command, '--version'], asNobody).status === 0)
    return true
  process.stderr.write(
    '\n*** not root, or a checkout that only root can read: no test of doctor without permission ***\n\n',
  )
  return false
}

async function doctorAsNobody(args: string[]): Promise<{ code: number; stdout: string }> {
  const child = spawn(process.execPath, [command, 'doctor', ...args], {
    uid: nobody,
    gid: nobody,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let stdout = ''
  child.stdout.on('data', (text) => {
    stdout += text
  })
  const [code] = await once(child, 'close')
  return { code, stdout }
}

describe.skipIf(!isPtyThere)('a box and its permissions', () => {
  it('all is well: exit 0', async () => {
    const { path } = await bench.plugIn('well', openKnownBox())
    const { code, stdout, stderr } = await doctor('--device', path, '--seconds', '3')
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^OK {4}Box 3f9c02d7 speaks: boot \d+, firmware .*\n\nAll is well\.\n$/s)
  })

  it('old firmware is told with the command that replaces it', async () => {
    const version = readImageFirmware() ?? ''
    const { path } = await bench.plugIn('old', openKnownBox({ hex: makeOlderImage(readBoxHex(), version) }))
    const { code, stdout } = await doctor('--device', path, '--seconds', '3')
    expect(code).toBe(0)
    expect(stdout.replace(/\s+/g, ' ')).toMatch(
      /WARN The box has the old firmware 0\.[\d.]+; this package has .*make -C \S+\/firmware flash BOARD=nano PORT=\S+\/old/,
    )
  })

  it.runIf(canBeNobody)(
    'a device that only a group may use: the command to join it, and that a login is needed',
    async () => {
      const { path } = await bench.plugIn('guarded', openKnownBox())
      const device = realpathSync(path)
      const dialout = 20
      chownSync(device, 0, dialout)
      chmodSync(device, 0o660)
      const { code, stdout } = await doctorAsNobody(['--device', path, '--json'])
      expect(code).toBe(1)
      const [finding] = JSON.parse(stdout).findings
      expect(finding).toMatchObject({ code: 'no-permission', facts: { group: 'dialout', mode: '0660' } })
      expect(finding.what).toBe(`nobody is not allowed to use ${path}.`)
      expect(finding.do).toMatch(/sudo usermod -aG dialout nobody.*sign out and in again/)
    },
  )

  it.runIf(canBeNobody)('a device of root alone: a rule rather than the group of root', async () => {
    const { path } = await bench.plugIn('locked-up', openKnownBox())
    chmodSync(realpathSync(path), 0o600)
    const [finding] = JSON.parse((await doctorAsNobody(['--device', path, '--json'])).stdout).findings
    expect(finding.code).toBe('no-permission')
    expect(finding.do).toMatch(/udev/)
    expect(finding.do).not.toMatch(/usermod/)
  })
})

/** The same image telling a version that begins with 0: one byte of it, and the checksum of its record. */
function makeOlderImage(hex: string, version: string): string {
  const address = Buffer.from(parseIntelHex(hex).buffer).indexOf(`${version}\0`)
  const rows = hex.split('\n').map((row) => {
    const bytes = Buffer.from(row.trim().slice(1), 'hex')
    const place = bytes.length > 4 && bytes[3] === 0 ? address - bytes.readUInt16BE(1) : -1
    if (place < 0 || place >= (bytes[0] ?? 0)) return row
    bytes.write('0', 4 + place)
    const sum = bytes.subarray(0, -1).reduce((total, byte) => total + byte, 0)
    bytes.writeUInt8(-sum & 0xff, bytes.length - 1)
    return `:${bytes.toString('hex').toUpperCase()}`
  })
  return rows.join('\n')
}

/** Nobody took the lock or hung the line up. On a busy machine the simulated box may fall silent by itself. */
async function expectUndisturbed(port: number): Promise<void> {
  const counters = (await askDaemon(port))?.counters ?? {}
  expect(counters).toMatchObject({ 'open-failed': 0, 'session-closed': 0 })
  expect(counters.open).toBe(1 + (counters['session-silent'] ?? 0))
}

describe.skipIf(!isPtyThere)('a daemon at work', () => {
  it('is asked, not disturbed, and tells the same', async () => {
    const box = openKnownBox()
    const { path } = await bench.plugIn('daemon-box', box)
    const port = 18_082 + (process.pid % 1000)
    const config = writeConfig('daemon', path, port)
    const daemon = startSmilepost(['terminal', '--config', config])
    bench.onClose(() => daemon.end('SIGTERM'))
    await daemon.waitForOutput(/kiosk http/)
    await vi.waitFor(async () => expect(await askDaemon(port)).toMatchObject({ state: 'up' }), { timeout: 10_000 })
    box.press(1)
    const delivered = { lastHello: { next: 2, pending: 0 } }
    await vi.waitFor(async () => expect(await askDaemon(port)).toMatchObject(delivered), { timeout: 10_000 })
    const { stdout } = await doctor('--config', config, '--json')
    expect(lineOf(stdout)).toMatchObject([{ code: 'speaks', facts: { viaDaemon: true, pressesEver: 1, pending: 0 } }])
    const named = makeLineCheck({
      ...{ device: path, configuredDevice: null, kioskPort: port, isConfigured: false, listenMs: 1500 },
      clock: systemClock,
    })
    expect(await named.run(() => {})).toMatchObject([{ code: 'speaks', facts: { viaDaemon: true } }])
    await expectUndisturbed(port)

    // Without the configuration nobody knows where to ask: the lock tells whose it is, and the device stays closed.
    const lost = await doctor('--config', writeConfig('elsewhere', path, 0), '--json', '--seconds', '3')
    expect(lost.code).toBe(1)
    expect(lineOf(lost.stdout)).toMatchObject([{ code: 'daemon-silent', facts: { pid: daemon.pid } }])
    await expectUndisturbed(port)
  }, 60_000)

  it('without its device says what the daemon misses', async () => {
    const port = 19_082 + (process.pid % 1000)
    const config = writeConfig('deviceless', join(bench.folder, 'nowhere'), port)
    const daemon = startSmilepost(['terminal', '--config', config])
    bench.onClose(() => daemon.end('SIGTERM'))
    await daemon.waitForOutput(/kiosk http/)
    const { code, stdout } = await doctor('--config', config, '--json', '--seconds', '3')
    expect(code).toBe(1)
    expect(lineOf(stdout)).toMatchObject([{ code: 'no-device', facts: { viaDaemon: true } }])
  }, 40_000)

  it('that finds its device taken says by whom', async () => {
    const { path } = await bench.plugIn('taken', openKnownBox())
    const port = await makeSerialPortOpener({ path })()
    bench.onClose(() => port.close())
    const kioskPort = 20_082 + (process.pid % 1000)
    const config = writeConfig('second', path, kioskPort)
    const daemon = startSmilepost(['terminal', '--config', config])
    bench.onClose(() => daemon.end('SIGTERM'))
    await daemon.waitForOutput(/kiosk http/)
    const { code, stdout } = await doctor('--config', config, '--json', '--seconds', '3')
    expect(code).toBe(1)
    expect(lineOf(stdout)).toMatchObject([{ code: 'port-busy', facts: { pid: process.pid } }])
  }, 40_000)
})
