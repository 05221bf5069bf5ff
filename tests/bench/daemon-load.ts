// CPU and memory of the terminal's daemon with one box, and of its serial room and outbox with twenty, on real serial devices,
// beside a bare program that only reads the same devices: npm run bench -- daemon-load
// The boxes are simulated in this process and pressed once in two seconds each; what is measured are the other processes.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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
import { openTerminalEnd } from '../support/terminal-end.ts'

const WARM_UP_MS = 5_000
const MEASURED_MS = 30_000
const PRESS_EVERY_MS = 2_000
/** USER_HZ of Linux. */
const TICKS_PER_S = 100
const command = join(process.cwd(), 'dist/src/cli/smilepost.js')

type Spent = { cpuPercent: number; rssMb: number }

function readCpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (1000 * (Number(fields[11]) + Number(fields[12]))) / TICKS_PER_S
}

function readRssMb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
}

async function measure(child: ChildProcess): Promise<Spent> {
  const pid = child.pid ?? 0
  await sleep(WARM_UP_MS)
  const before = readCpuMs(pid)
  await sleep(MEASURED_MS)
  const spent = { cpuPercent: (100 * (readCpuMs(pid) - before)) / MEASURED_MS, rssMb: readRssMb(pid) }
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  await gone
  return spent
}

type Rig = { box: SimulatedBox; pty: BoxPty; stop: () => void }

async function openRig(folder: string, index: number): Promise<Rig> {
  const box = openSimulatedBox({ hex: readBoxHex(), seed: index })
  box.advance(100)
  box.write(formatLine({ type: 'set-identity', boxId: (0x3f9c_0200 + index).toString(16) }))
  box.advance(100)
  const pty = await openBoxPty({ end: box, path: join(folder, `box-${index}`) })
  const stopTime = runInRealTime(box)
  const presses = setInterval(() => box.press((1 + (index % 4)) as ButtonNumber), PRESS_EVERY_MS)
  return {
    ...{ box, pty },
    stop() {
      clearInterval(presses)
      stopTime()
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

async function compare(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'smilepost-load-'))
  const rigs: Rig[] = []
  const report = (what: string, { cpuPercent, rssMb }: Spent, bare: Spent) =>
    console.log(
      `${what.padEnd(42)} ${cpuPercent.toFixed(2).padStart(6)} % of a core (${(cpuPercent / bare.cpuPercent).toFixed(1)} × bare), ${rssMb.toFixed(0)} MB (${(rssMb / bare.rssMb).toFixed(2)} × bare)`,
    )
  try {
    for (const count of [1, 20]) {
      while (rigs.length < count) rigs.push(await openRig(folder, rigs.length))
      const devices = rigs.map(({ pty }) => pty.path)
      const bare = await measure(startSelf('bare', folder, devices))
      report(`bare reader, ${count} boxes`, bare, bare)
      if (count === 1) report('daemon, 1 box', await measure(startDaemon(folder, devices[0] ?? '')), bare)
      report(`links and outboxes, ${count} boxes`, await measure(startSelf('links', folder, devices)), bare)
    }
  } finally {
    for (const { pty, stop } of rigs) {
      stop()
      await pty.close()
    }
    rmSync(folder, { recursive: true })
  }
}

const [mode, folder = '', ...devices] = process.argv.slice(2)
if (mode === 'links') holdLinks(folder, devices)
else if (mode === 'bare') readBare(devices)
else await compare()
