// CPU that a simulated box takes: idle by the wall clock (the demo's case; less than 5 % of a core is asked for), and
// how many times faster than real it can be run: npm run bench -- simulator-idle
import { setTimeout as sleep } from 'node:timers/promises'
import { formatLine } from '../../firmware-bridge/line/format-line.ts'
import { readBoxHex } from '../../firmware-bridge/simulator/box-hex.ts'
import { runInRealTime } from '../../firmware-bridge/simulator/run-in-real-time.ts'
import { openSimulatedBox } from '../../firmware-bridge/simulator/simulated-box.ts'
import { type Figure, printFigures } from './support/print-figures.ts'

const BOX_ID = '3f9c02d7'
const WARM_UP_MS = 20_000
const SIMULATED_MS = 60_000
const WALL_MS = 20_000

function cpuMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1000
}

const figures: Figure[] = []
function report(what: string, spentMs: number, ofMs: number): void {
  figures.push({ what, value: (100 * spentMs) / ofMs, unit: '% of a core', ratio: ofMs / spentMs, to: 'real time' })
}

const box = openSimulatedBox({ hex: readBoxHex() })
box.advance(100)
box.write(formatLine({ type: 'set-identity', boxId: BOX_ID }))
box.advance(WARM_UP_MS)

const before = process.cpuUsage()
box.advance(SIMULATED_MS)
report('idle, as fast as it goes', cpuMs(before), SIMULATED_MS)

const beforeReal = process.cpuUsage()
const stop = runInRealTime(box)
await sleep(WALL_MS)
stop()
report('idle, by the wall clock', cpuMs(beforeReal), WALL_MS)

box.press(1)
box.advance(500)
const beforeWaiting = process.cpuUsage()
box.advance(SIMULATED_MS)
report('with a press that no host takes', cpuMs(beforeWaiting), SIMULATED_MS)
printFigures('simulator-idle', figures)
