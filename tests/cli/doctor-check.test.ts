/** Doctor on real serial devices with real firmware behind them: what it says, and that it leaves everything as it was. */
import { spawn } from 'node:child_process'
import { closeSync, constants, openSync, realpathSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { formatLine } from '../../firmware-bridge/line/format-line.ts'
import { openBoxLink } from '../../firmware-bridge/serial/box-link.ts'
import { findSharers } from '../../firmware-bridge/serial/diagnose-port.ts'
import { makeSerialPortOpener } from '../../firmware-bridge/serial/serial-port.ts'
import { makeFaultyCable } from '../../firmware-bridge/simulator/faulty-cable.ts'
import type { SimulatedBox } from '../../firmware-bridge/simulator/simulated-box.ts'
import { makeLineCheck } from '../../src/cli/doctor/check-line.ts'
import type { Finding } from '../../src/cli/doctor/finding.ts'
import { readImageFirmware } from '../../src/cli/doctor/image-firmware.ts'
import { describePermission } from '../../src/cli/doctor/port-facts.ts'
import { portTexts } from '../../src/cli/doctor/port-texts.ts'
import { systemClock } from '../../src/shared/clock.ts'
import { hasSocat } from '../support/box-on-pty.ts'
import { listenToBox, openBox, openKnownBox, simulatedBoxId } from '../support/box-script.ts'
import { eventually } from '../support/eventually.ts'
import { silentLogger } from '../support/silent-logger.ts'
import { type Bench, openBench } from './doctor-device.ts'

const isPtyThere = hasSocat()
let bench: Bench
beforeEach(() => {
  bench = openBench(3)
})
// A box that lives on would cost the next one its time.
afterEach(() => bench.close())

/** The boxes here live three times as fast as ours: six heartbeats. */
async function examine(device: string, listenMs = 2000): Promise<Finding[]> {
  const options = { device, configuredDevice: null, kioskPort: null, isConfigured: false, listenMs, clock: systemClock }
  return makeLineCheck(options).run(() => {})
}

const codesOf = (findings: readonly Finding[]) => findings.map(({ code, status }) => `${status} ${code}`)

/** A box with an identity that has taken presses; nobody has asked for them yet. */
function openBoxWithPresses(count: number): SimulatedBox {
  const box = openKnownBox()
  for (let press = 0; press < count; press++) box.advance(box.press(1) - box.nowMs() + 100)
  expect(box.committed()).toHaveLength(count)
  return box
}

const untouched = async (box: SimulatedBox, run: () => Promise<Finding[]>) => {
  const before = box.eeprom()
  const findings = await run()
  expect(Buffer.compare(box.eeprom(), before)).toBe(0)
  return findings
}

describe.skipIf(!isPtyThere)('a box on a serial device', () => {
  it('that is well: one finding with its facts', async () => {
    const { path } = await bench.plugIn('well', openKnownBox())
    const findings = await examine(path)
    expect(codesOf(findings)).toEqual(['ok speaks'])
    expect(findings[0]?.facts).toMatchObject({
      ...{ device: path, box: simulatedBoxId, firmware: readImageFirmware(), pressesEver: 0, pending: 0 },
      ...{ badLines: 0, hearing: 'well' },
    })
    expect(findings[0]?.what).toMatch(/^Box 3f9c02d7 speaks: boot \d+, firmware [\d.]+, 0 presses ever, 0 waiting;/)
  })

  it('with presses that wait: they are told, left alone, and delivered afterwards', async () => {
    const box = openBoxWithPresses(3)
    const { path } = await bench.plugIn('waiting', box)
    const findings = await untouched(box, () => examine(path))
    expect(codesOf(findings)).toEqual(['ok speaks', 'warn presses-waiting'])
    expect(findings[0]?.facts).toMatchObject({ pressesEver: 3, pending: 3 })
    const stored: number[] = []
    const link = openBoxLink({
      ...{ openPort: makeSerialPortOpener({ path }), clock: systemClock, logger: silentLogger, random: Math.random },
      onPress({ sequence }) {
        stored.push(sequence)
        return 'stored'
      },
      saveBoxId: () => 'saved',
    })
    await vi.waitFor(() => expect([...new Set(stored)]).toEqual([1, 2, 3]), { timeout: 10_000 })
    await link.close()
  })

  it('without identity gets none', async () => {
    const box = openBox()
    box.advance(100)
    const { path } = await bench.plugIn('erased', box)
    const findings = await untouched(box, () => examine(path))
    expect(codesOf(findings)).toEqual(['warn no-identity'])
    expect(findings[0]?.do).toContain('smilepost terminal')
  })

  it('behind a noisy cable: share and advice', async () => {
    const box = openKnownBox()
    const cable = makeFaultyCable({ box, seed: 3, toHost: { flip: 0.004 } })
    const { path } = await bench.plugIn('noisy', box, cable)
    const findings = await examine(path, 3000)
    expect(codesOf(findings)).toContain('warn noisy-cable')
    expect(findings.find(({ code }) => code === 'noisy-cable')?.what).toMatch(/[\d.]+ % of the lines/)
  })

  it('that hears nothing: the cable works one way', async () => {
    const box = openKnownBox()
    const cable = makeFaultyCable({ box })
    cable.setMuted(true, 'toBox')
    const { path } = await bench.plugIn('deaf', box, cable)
    expect(codesOf(await examine(path))).toEqual(['ok speaks', 'fail one-way-cable'])
  })

  it('that hears us broken: the way to the box is damaged', async () => {
    const box = openKnownBox()
    const damage: SimulatedBox = { ...box, write: (text) => box.write(text.replaceAll('*', '#')) }
    const { path } = await bench.plugIn('damaged', box, damage)
    const codes = codesOf(await examine(path))
    expect(codes.slice(0, 2)).toEqual(['ok speaks', 'fail damaged-way-to-box'])
  })

  it('with a button that is held down names it', async () => {
    const box = openKnownBox()
    box.hold(2)
    box.advance(10_500)
    // The press itself is older than the notice and would be told first, for ever.
    box.write(formatLine({ type: 'ack', boxId: simulatedBoxId, sequence: 1, status: 'committed' }))
    box.advance(50)
    const { path } = await bench.plugIn('held', box)
    const findings = await examine(path)
    expect(codesOf(findings)).toContain('warn stuck-button')
    expect(findings.find(({ code }) => code === 'stuck-button')?.facts.buttons).toEqual([2])
  })

  it('that is mute: silence', async () => {
    const box = openKnownBox()
    const cable = makeFaultyCable({ box })
    cable.setMuted(true)
    const { path } = await bench.plugIn('mute', box, cable)
    const [finding, ...rest] = await examine(path)
    expect([finding?.code, finding?.status, rest]).toEqual(['silence', 'fail', []])
    expect(finding?.what).toMatch(/^Nothing at all came from \S+mute in \d+ s\.$/)
  })

  it('that is unplugged meanwhile is told as a device that is gone', async () => {
    const { path, unplug } = await bench.plugIn('pulled', openKnownBox())
    const examining = examine(path)
    await new Promise((resolve) => setTimeout(resolve, 700))
    await unplug()
    const [finding] = await examining
    expect(['no-device', 'open-failed']).toContain(finding?.code)
  })
})

describe.skipIf(!isPtyThere)('what is no box, or not at our speed', () => {
  const nonsense = () => '\u0098\u00e3\u0000\u0081\u0099\u00f0\u0003\u00c7'.repeat(8)

  it('is looked for at other speeds: a GPS receiver at 9600', async () => {
    const gps = '$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6A\r\n'
    const { path } = await bench.plugInSpeaker('gps', (speed) => (speed === 9600 ? gps : nonsense()))
    const [finding, ...rest] = await examine(path)
    expect(rest).toEqual([])
    expect(finding).toMatchObject({ code: 'other-speaker', facts: { speaker: 'gps', speedBaud: 9600 } })
    expect(finding?.what).toMatch(/^Not a box but a GPS receiver speaks on .*, at 9600 baud \("\$GPRMC/)
  })

  it('a box on a board of half the clock', async () => {
    const box = openKnownBox()
    const cable = makeFaultyCable({ box, hostBaud: 115_200 })
    const { path } = await bench.plugIn('slow', box, cable)
    // The host at 57600 hears this box as one at 57600 is heard at 115200. stty says 0 for 28800, which has no name of its own.
    bench.watchSpeed(path, (speed) => cable.setHostBaud(speed === 0 ? 57_600 : 2 * speed))
    const [finding] = await examine(path)
    expect(finding).toMatchObject({ code: 'wrong-speed', facts: { speedBaud: 28_800 } })
    expect(finding?.do).toContain('8 MHz')
  }, 30_000)
})

describe('a device that can not be listened to', () => {
  it('is missing: those that are there are listed', async () => {
    const [finding] = await examine(join(bench.folder, 'nowhere'))
    expect(finding).toMatchObject({ code: 'no-device', status: 'fail' })
    expect(finding?.do).toMatch(/Serial devices that are there|No serial device is plugged in/)
  })

  it('is a file, a folder, or another kind of device', async () => {
    const file = join(bench.folder, 'file')
    writeFileSync(file, '')
    expect((await examine(file))[0]?.what).toBe(`${file} is not a serial device but a file.`)
    expect((await examine(bench.folder))[0]?.what).toBe(`${bench.folder} is not a serial device but a folder.`)
    // Set up as a serial line, the screen of whoever runs doctor would stay dead.
    expect((await examine('/dev/tty'))[0]?.code).toBe('not-serial')
    expect((await examine('/dev/null'))[0]?.what).toBe('/dev/null is not a serial device but another kind of device.')
  })

  it.skipIf(!isPtyThere)('is in use: the program is named and not disturbed', async () => {
    const box = openBoxWithPresses(0)
    const { path } = await bench.plugIn('busy', box)
    const port = await makeSerialPortOpener({ path })()
    bench.onClose(() => port.close())
    const heard = listenToBox(box)
    const [finding] = await examine(path)
    expect(finding).toMatchObject({ code: 'port-busy', facts: { pid: process.pid } })
    expect(finding?.what).toContain(`process ${process.pid}`)
    expect(heard.filter((line) => line.startsWith('E')).length).toBe(0)
  })

  it.skipIf(!isPtyThere)('is open in a program that takes no lock: it is found by what it has open', async () => {
    const { path } = await bench.plugIn('shared', openKnownBox())
    const device = realpathSync(path)
    const descriptor = openSync(device, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK)
    const sharer = spawn('sleep', ['60'], { stdio: [descriptor, 'ignore', 'ignore'] })
    closeSync(descriptor)
    bench.onClose(() => sharer.kill())
    await eventually(() => expect(findSharers(device)).toContainEqual({ pid: sharer.pid, command: 'sleep 60' }))
  })
})

describe('a device that this user may not use', () => {
  const owner = { userId: 0, groupId: 20, group: 'dialout', groupMembers: ['ann', userInfo().username], mode: 0o660 }
  const advise = (changes: Partial<typeof owner>) =>
    portTexts['no-permission'].do(describePermission('/dev/ttyUSB0', { ...owner, ...changes }))

  it('although the group has been joined: a new login', () => {
    expect(advise({})).toMatch(/in the group dialout already, but not yet in this session: sign out and in again/)
  })

  it('but the group may: how to join it', () => {
    expect(advise({ groupMembers: ['ann'] })).toContain(`sudo usermod -aG dialout ${userInfo().username}`)
  })

  it.each([
    ['the group may not either', { mode: 0o600 }],
    ['the group may only write', { mode: 0o620 }],
    ['the group is that of root', { groupId: 0, group: 'root' }],
  ])('and %s: a udev rule', (_name, changes) => {
    expect(advise(changes)).toContain('/etc/udev/rules.d/')
    expect(advise(changes)).not.toContain('usermod')
  })
})
