// From a closing contact to the EEPROM commit and to the host's ack, in simulated time, and how many presses a second one box
// sustains, beside what debounce, EEPROM and line take physically: npm run bench -- press-path
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ButtonNumber } from '../../firmware-bridge/line/box-line.ts'
import { formatLine } from '../../firmware-bridge/line/format-line.ts'
import { parseHostLine } from '../../firmware-bridge/line/parse-line.ts'
import { openBoxLink } from '../../firmware-bridge/serial/box-link.ts'
import { readBoxHex } from '../../firmware-bridge/simulator/box-hex.ts'
import { makeSeededRandom } from '../../firmware-bridge/simulator/seeded-random.ts'
import { openSimulatedBox, type SimulatedBox } from '../../firmware-bridge/simulator/simulated-box.ts'
import { makeSimulatedPortOpener } from '../../firmware-bridge/simulator/simulated-port.ts'
import { openOutbox } from '../../src/terminal/outbox/outbox.ts'
import { makeBoxPressRecord } from '../../src/terminal/press-record.ts'
import { silentLogger } from '../support/silent-logger.ts'
import { type Figure, printFigures } from './support/print-figures.ts'

const PRESSES = 1_000
const SUSTAINED_MS = 60_000
const BOX_ID = '3f9c02d7'
const BYTE_MS = 10 / 57.6
/** Sampled as down for 10 ms (PROTOCOL.md §13). */
const DEBOUNCE_MS = 10
/** Erasing and programming one EEPROM byte (ATmega328P datasheet, table 8-2); a press changes at least sequence, button, two CRC bytes. */
const EEPROM_MS = 4 * 3.4
const E_BYTES = `E,${BOX_ID},1000,1,25,0*0000\n`.length
const A_BYTES = `A,${BOX_ID},1000,0*0000\n`.length

const folder = mkdtempSync(join(tmpdir(), 'smilepost-bench-'))
const random = makeSeededRandom(2026)
const committedAtMs = new Map<number, number>()
const ackedAtMs = new Map<number, number>()
const commitWallMs: number[] = []
const box = openSimulatedBox({
  hex: readBoxHex(),
  seed: 5,
  onCommit: (p) => void committedAtMs.set(p.sequence, p.atMs),
})
const clock = { wallMs: () => Date.now(), monoMs: () => Math.round(box.nowMs()) }
const randomHex = (digits: number) => randomBytes(digits).toString('hex').slice(0, digits)
const outbox = openOutbox({ path: join(folder, 'outbox.sqlite'), clock, randomHex, logger: silentLogger })

/** Notes when the last byte of each ack will be at the box. */
function watchAcks(inner: SimulatedBox): SimulatedBox {
  const write = (text: string) => {
    const atMs = inner.nowMs() + text.length * BYTE_MS
    for (const line of text.split('\n')) {
      const parsed = parseHostLine(line)
      if (parsed.ok && parsed.line.type === 'ack' && !ackedAtMs.has(parsed.line.sequence))
        ackedAtMs.set(parsed.line.sequence, atMs)
    }
    inner.write(text)
  }
  return { ...inner, write }
}

const linkOptions = {
  openPort: makeSimulatedPortOpener(watchAcks(box)),
  ...{ clock, logger: silentLogger, random },
  onPress(press: Parameters<Parameters<typeof openBoxLink>[0]['onPress']>[0]) {
    const startMs = performance.now()
    const context = { clock, boot: '00000000-0000-4000-8000-000000000001' }
    const isFull =
      outbox.append(makeBoxPressRecord(press, { question: 'service', revision: 1, scaleMax: 3 }, context)) === 'full'
    commitWallMs.push(performance.now() - startMs)
    return isFull ? ('full' as const) : ('stored' as const)
  },
  saveBoxId: outbox.saveBoxId,
}

/** Simulated time in small steps, so that opened ports and timers of the link get their turn. */
async function live(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 100) {
    box.advance(Math.min(100, ms - passed))
    await new Promise((resolve) => setImmediate(resolve))
  }
}

const quantile = (values: readonly number[], q: number) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))] ?? Number.NaN
const figures: Figure[] = []
function report(what: string, values: readonly number[], floorMs?: number): void {
  const [p50, p99] = [quantile(values, 0.5), quantile(values, 0.99)]
  const ratio = floorMs === undefined ? {} : { ratio: p50 / floorMs, to: 'the physical floor' }
  figures.push(
    { what: `${what}, p50`, value: p50, unit: 'ms', ...ratio },
    { what: `${what}, p99`, value: p99, unit: 'ms' },
  )
}

box.advance(100)
box.write(formatLine({ type: 'set-identity', boxId: BOX_ID }))
await live(1_000)
const link = openBoxLink(linkOptions)
await live(2_000)

const pressedAtMs: number[] = []
for (let i = 0; i < PRESSES; i += 1) {
  pressedAtMs.push(box.nowMs())
  box.press((1 + Math.floor(random() * 4)) as ButtonNumber, { holdMs: 80 + random() * 60, bounceMs: random() * 5 })
  await live(300 + random() * 700)
}
const since = (at: Map<number, number>) => pressedAtMs.map((ms, i) => (at.get(i + 1) ?? Number.NaN) - ms)
if (committedAtMs.size !== PRESSES) throw new Error(`${committedAtMs.size} of ${PRESSES} presses were committed`)
const wireMs = (E_BYTES + A_BYTES) * BYTE_MS
report('contact to EEPROM commit', since(committedAtMs), DEBOUNCE_MS + EEPROM_MS)
report('contact to ack at the box', since(ackedAtMs), DEBOUNCE_MS + EEPROM_MS + wireMs)
report('commit at the host, wall clock', commitWallMs)

/** @returns presses a second that are committed and delivered with none refused, or null where some are */
async function sustain(periodMs: number): Promise<number | null> {
  const before = link.lastHello()
  const startMs = box.nowMs()
  for (let i = 0; box.nowMs() < startMs + SUSTAINED_MS; i += 1) {
    box.press((1 + (i % 4)) as ButtonNumber, { holdMs: Math.min(60, 2 * periodMs), bounceMs: 0 })
    await live(periodMs)
  }
  await live(1_500)
  const after = link.lastHello()
  if (!before || !after || after.dropped > before.dropped || after.pending > 0) {
    await live(20_000)
    return null
  }
  return (1000 * (after.nextSequence - before.nextSequence)) / SUSTAINED_MS
}

let best = 0
for (const periodMs of [200, 100, 70, 60, 55, 50, 45, 40, 35]) {
  const rate = await sustain(periodMs)
  if (rate === null) break
  best = rate
}
const wireRate = 1000 / (E_BYTES * BYTE_MS)
figures.push({ what: 'sustained by one box', value: best, unit: 'presses/s', ratio: best / wireRate, to: 'the line' })

await link.close()
for (let i = 0; i < 120; i += 1) {
  box.press((1 + (i % 4)) as ButtonNumber, { holdMs: 60 })
  await live(150)
}
const firstMs = box.nowMs()
const again = openBoxLink(linkOptions)
const committed = committedAtMs.size
while (!ackedAtMs.has(committed)) await live(50)
const drainMs = (ackedAtMs.get(committed) ?? 0) - firstMs
const drained = 120_000 / drainMs
figures.push({ what: '120 that waited', value: drained, unit: 'presses/s', ratio: drained / wireRate, to: 'the line' })
await again.close()
outbox.close()
rmSync(folder, { recursive: true })
printFigures('press-path', figures)
