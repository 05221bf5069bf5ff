/** How long a press takes in the box's own time, which is the same on every machine: benches measure, this holds the promise. */
import { expect, it } from 'vitest'
import { formatLine } from '../../firmware-bridge/line/format-line.ts'
import { parseBoxLine } from '../../firmware-bridge/line/parse-line.ts'
import { makeSeededRandom } from '../../firmware-bridge/simulator/seeded-random.ts'
import { buttonAt, listenToBox, openKnownBox, simulatedBoxId } from '../support/box-script.ts'

const presses = 100
/** 57600 baud, ten bits a byte (PROTOCOL.md §1). */
const byteMs = 10 / 57.6

const quantile = (values: readonly number[], q: number) =>
  values.toSorted((a, b) => a - b)[Math.floor(q * values.length)] ?? Number.NaN

it('is committed within 50 ms and acknowledged within 80 ms of the contact, with a host that answers at once', () => {
  const committedAtMs: number[] = []
  const box = openKnownBox({ seed: 12, onCommit: ({ atMs }) => void committedAtMs.push(atMs) })
  const said = listenToBox(box)
  const ackedAtMs: number[] = []
  box.onBytes(() => {
    const parsed = parseBoxLine(said.at(-1) ?? '')
    if (!parsed.ok || parsed.line.type !== 'press' || parsed.line.sequence !== ackedAtMs.length + 1) return
    const ack = formatLine({ type: 'ack', boxId: simulatedBoxId, sequence: parsed.line.sequence, status: 'committed' })
    box.write(ack)
    ackedAtMs.push(box.nowMs() + ack.length * byteMs)
  })
  const random = makeSeededRandom(99)
  const pressedAtMs: number[] = []
  for (let index = 0; index < presses; index += 1) {
    pressedAtMs.push(box.nowMs())
    box.press(buttonAt(index), { holdMs: 60 + random() * 60, bounceMs: random() * 5 })
    box.advance(250 + random() * 200)
  }
  const since = (atMs: readonly number[]) => atMs.map((ms, index) => ms - (pressedAtMs[index] ?? Number.NaN))
  expect(committedAtMs).toHaveLength(presses)
  expect(ackedAtMs).toHaveLength(presses)
  expect(quantile(since(committedAtMs), 0.5)).toBeLessThan(30)
  expect(quantile(since(committedAtMs), 0.99)).toBeLessThan(50)
  expect(quantile(since(ackedAtMs), 0.99)).toBeLessThan(80)
  // Faster than the debounce would mean that contacts are not debounced.
  expect(quantile(since(committedAtMs), 0)).toBeGreaterThan(10)
})
