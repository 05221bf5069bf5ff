// CPU, memory and start of the terminal's daemon with one box, idle, with 100,000 presses that no central has, and pressed; and of its
// serial room and outbox with twenty boxes; on real serial devices, beside a bare program that only reads the same devices:
// npm run bench -- daemon-load
// The boxes are simulated in this process, those that are pressed once in two seconds each; what is measured are the other processes.
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { SerialPort } from 'serialport'
import type { ButtonNumber } from '../../firmware-bridge/line/box-line.ts'
import { formatLine } from '../../firmware-bridge/line/format-line.ts'
import { readBoxHex } from '../../firmware-bridge/simulator/box-hex.ts'
import { type BoxPty, openBoxPty } from '../../firmware-bridge/simulator/box-pty.ts'
import { runInRealTime } from '../../firmware-bridge/simulator/run-in-real-time.ts'
import { openSimulatedBox, type SimulatedBox } from '../../firmware-bridge/simulator/simulated-box.ts'
import { systemClock } from '../../src/shared/clock.ts'
import { openOutbox } from '../../src/terminal/outbox/outbox.ts'
import { makeBoxPressRecord } from '../../src/terminal/press-record.ts'
import { meterProcess, type UsageSince } from '../support/process-usage.ts'
import { pressLine } from '../support/scripted-port.ts'
import { silentLogger } from '../support/silent-logger.ts'
import { openTerminalEnd } from '../support/terminal-end.ts'
import { type Figure, printFigures } from './support/print-figures.ts'

const WARM_UP_MS = 5_000
const MEASURED_MS = 20_000
const PRESS_EVERY_MS = 2_000
const UNDELIVERED = 100_000
const ACK_DEADLINE_MS = 60_000
const command = join(process.cwd(), 'dist/src/cli/smilepost.js')

async function measure(child: ChildProcess): Promise<UsageSince> {
  await sleep(WARM_UP_MS)
  const read = meterProcess(child.pid ?? 0)
  await sleep(MEASURED_MS)
  const spent = read()
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  await gone
  return spent
}

type Rig = { box: SimulatedBox; pty: BoxPty; press(): void; ackedAtMs(): number | null; forget(): void; stop(): void }

async function openRig(folder: string, index: number): Promise<Rig> {
  let ackedAtMs: number | null = null
  const box = openSimulatedBox({ hex: readBoxHex(), seed: index })
  box.advance(100)
  box.write(formatLine({ type: 'set-identity', boxId: (0x3f9c_0200 + index).toString(16) }))
  box.advance(100)
  const write = (text: string) => {
    if (/^A,/m.test(text)) ackedAtMs ??= performance.now()
    box.write(text)
  }
  const pty = await openBoxPty({ end: { ...box, write }, path: join(folder, `box-${index}`) })
  return {
    ...{ box, pty, stop: runInRealTime(box), ackedAtMs: () => ackedAtMs },
    press: () => box.press((1 + (index % 4)) as ButtonNumber),
    forget() {
      ackedAtMs = null
    },
  }
}

function startDaemon(folder: string, device: string): ChildProcess {
  const config = join(folder, 'terminal.toml')
  const text = `[terminal]\nid = "kiosk-1"\nsecret = "x"\ndata = ${JSON.stringify(join(folder, 'data'))}
[serial]\ndevice = ${JSON.stringify(device)}\n[broker]\nurls = ["mqtt://127.0.0.1:9"]\n[kiosk]\nport = 0\n[log]\nlevel = "error"\n`
  writeFileSync(config, text)
  return spawn(process.execPath, [command, 'terminal', '--config', config], { stdio: 'ignore' })
}

const startSelf = (mode: string, folder: string, devices: readonly string[]) =>
  spawn(process.execPath, [fileURLToPath(import.meta.url), mode, folder, ...devices], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })

/** The serial room and the outbox of `devices`, in the child. */
function holdLinks(folder: string, devices: readonly string[]): void {
  const ends = devices.map((device, i) => {
    const dir = join(folder, `end-${i}`)
    mkdirSync(dir, { recursive: true })
    return openTerminalEnd({ device, dir })
  })
  process.on('SIGTERM', () => void Promise.all(ends.map((end) => end.close())).then(() => process.exit(0)))
}

/** Reads bytes and nothing else, in the child. */
function readBare(devices: readonly string[]): void {
  let bytes = 0
  for (const path of devices)
    new SerialPort({ path, baudRate: 57_600 }).on('data', (chunk: Uint8Array) => {
      bytes += chunk.byteLength
    })
  process.on('SIGTERM', () => process.exit(bytes > 0 ? 0 : 1))
}

/** As a week without a network leaves it; made in memory, where a COMMIT waits for no disk. */
function fillOutbox(folder: string): void {
  const made = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'smilepost-outbox-'))
  const path = join(made, 'outbox.sqlite')
  const randomHex = (digits: number) => randomBytes(digits).toString('hex').slice(0, digits)
  const outbox = openOutbox({ path, clock: systemClock, randomHex, logger: silentLogger })
  const context = { clock: systemClock, boot: '00000000-0000-4000-8000-000000000001' }
  const survey = { question: 'service', revision: 1, scaleMax: 3 }
  for (let sequence = 1; sequence <= UNDELIVERED; sequence += 1) {
    const press = { ...pressLine(sequence), boxId: '0badcafe', monoMs: sequence * 1_000, spreadMs: 5 }
    outbox.append(makeBoxPressRecord(press as never, survey, context))
  }
  outbox.close()
  cpSync(made, join(folder, 'data'), { recursive: true })
  rmSync(made, { recursive: true })
}

/** Starts a daemon with a press waiting in the box. */
async function startToAck(folder: string, rig: Rig): Promise<{ child: ChildProcess; ms: number }> {
  rig.press()
  await sleep(1_000)
  rig.forget()
  const startMs = performance.now()
  const child = startDaemon(folder, rig.pty.path)
  while (rig.ackedAtMs() === null) {
    if (performance.now() - startMs > ACK_DEADLINE_MS) throw new Error('the daemon acknowledges nothing')
    await sleep(5)
  }
  return { child, ms: (rig.ackedAtMs() ?? Number.NaN) - startMs }
}

async function startOfBare(): Promise<number> {
  const startMs = performance.now()
  await once(spawn(process.execPath, ['-e', ''], { stdio: 'ignore' }), 'exit')
  return performance.now() - startMs
}

function describe(
  what: string,
  spent: UsageSince,
  bare: UsageSince,
  goals?: { cpu?: string; memory: string },
): Figure[] {
  const cpu = {
    what: `${what}: CPU`,
    value: spent.cpuPercent,
    unit: '% of a core',
    ratio: spent.cpuPercent / bare.cpuPercent,
  }
  const memory = { what: `${what}: VmRSS`, value: spent.rssMb, unit: 'MB', ratio: spent.rssMb / bare.rssMb }
  return [
    { ...cpu, to: 'bare', ...(goals?.cpu && { goal: goals.cpu }) },
    { ...memory, to: 'bare', ...(goals && { goal: goals.memory }) },
  ]
}

async function compareIdle(folder: string, rig: Rig): Promise<Figure[]> {
  const goals = { cpu: '< 1', memory: '<= 90' }
  const bare = await measure(startSelf('bare', folder, [rig.pty.path]))
  const bareMs = await startOfBare()
  const figures = describe('bare reader, idle', bare, bare)
  const fresh = await startToAck(folder, rig)
  figures.push(...describe('daemon, idle', await measure(fresh.child), bare, goals))
  const full = join(folder, 'full')
  mkdirSync(full)
  fillOutbox(full)
  const late = await startToAck(full, rig)
  figures.push(...describe(`daemon, ${UNDELIVERED} undelivered`, await measure(late.child), bare, goals))
  for (const [what, ms] of [['empty', fresh.ms] as const, [`${UNDELIVERED} undelivered`, late.ms] as const])
    figures.push({ what: `start to first ack, ${what}`, value: ms, unit: 'ms', ratio: ms / bareMs, to: 'node -e ""' })
  return figures
}

async function compare(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'smilepost-load-'))
  const rigs: Rig[] = [await openRig(folder, 0)]
  const figures: Figure[] = []
  const presses: NodeJS.Timeout[] = []
  try {
    figures.push(...(await compareIdle(folder, rigs[0] as Rig)))
    for (const count of [1, 20]) {
      while (rigs.length < count) rigs.push(await openRig(folder, rigs.length))
      for (const rig of rigs.slice(presses.length)) presses.push(setInterval(rig.press, PRESS_EVERY_MS))
      const devices = rigs.map(({ pty }) => pty.path)
      const bare = await measure(startSelf('bare', folder, devices))
      figures.push(...describe(`bare reader, ${count} pressed`, bare, bare))
      if (count === 1)
        figures.push(...describe('daemon, 1 pressed', await measure(startDaemon(folder, devices[0] ?? '')), bare))
      const links = await measure(startSelf('links', folder, devices))
      figures.push(...describe(`links and outboxes, ${count} pressed`, links, bare))
    }
  } finally {
    for (const timer of presses) clearInterval(timer)
    for (const { pty, stop } of rigs) {
      stop()
      await pty.close()
    }
    rmSync(folder, { recursive: true })
  }
  printFigures('daemon-load', figures)
}

const [mode, folder = '', ...devices] = process.argv.slice(2)
if (mode === 'links') holdLinks(folder, devices)
else if (mode === 'bare') readBare(devices)
else await compare()
