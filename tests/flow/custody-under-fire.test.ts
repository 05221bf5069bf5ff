/**
 * Two hundred bouncing presses, while the box loses power twice, the daemon is killed twice and the central once.
 * Truth is the simulator's own log of EEPROM commits, outside of the product, against the central's rows by plain SQL.
 */
import { describe, expect, it } from 'vitest'
import { hasSocat, openBoxOnPty } from '../support/box-on-pty.ts'
import { buttonAt, listenToBox, openBox } from '../support/box-script.ts'
import { type Installation, openInstallation } from '../support/installation.ts'
import { type SmilepostProcess, waitFor } from '../support/smilepost-process.ts'

const socat = hasSocat()
const presses = 200
/** Simulated milliseconds per wall-clock millisecond. */
const speed = 4

type PressRow = { box: string; box_seq: number; value: number; is_repeat: number }

function readPresses(installation: Installation): PressRow[] {
  return installation.readCentral<PressRow>("SELECT box, box_seq, value, is_repeat FROM press WHERE source = 'box'")
}

function readUntimed(installation: Installation): number {
  const [row] = installation.readCentral<{ count: number }>('SELECT count(*) AS count FROM press WHERE class IS NULL')
  return row?.count ?? -1
}

describe.runIf(socat)('custody under fire', () => {
  it('stores exactly what the box committed', async () => {
    const installation = await openInstallation()
    const box = openBox({ seed: 20_261 })
    const said = listenToBox(box)
    const cable = await openBoxOnPty({ box, dir: installation.folder, speed })
    try {
      let central: SmilepostProcess = await installation.startCentral()
      let terminal: SmilepostProcess = await installation.startTerminal(cable.path)
      await waitFor('the box to have an identity', 20_000, () => said.some((line) => line.startsWith('H,')))
      const killTerminal = async () => {
        await terminal.end('SIGKILL')
        terminal = await installation.startTerminal(cable.path)
      }
      const killCentral = async () => {
        await central.end('SIGKILL')
        central = await installation.startCentral()
      }
      const cutPower = async () => {
        box.powerOff({ tear: true })
        box.powerOn()
      }
      const faults: Record<number, () => Promise<void>> = {
        40: killTerminal,
        70: cutPower,
        90: killCentral,
        120: killTerminal,
        160: cutPower,
      }
      let done = 0
      let outage: Promise<void> = Promise.resolve()
      for (let i = 0; i < presses; i += 1) {
        const settledAtMs = box.press(buttonAt(i), { holdMs: 50, bounceMs: 5 })
        const fault = faults[i]
        if (fault) {
          await outage
          // In the middle of a press: in its debounce or its write to EEPROM. People go on pressing meanwhile.
          await waitFor('the middle of a press', 10_000, () => box.nowMs() > settledAtMs - 45)
          outage = fault()
          done += 1
        }
        await waitFor('the contacts to rest', 10_000, () => box.nowMs() > settledAtMs + 60)
      }
      await outage
      expect(done).toBe(5)

      const committed = box.committed()
      expect(committed.length).toBeGreaterThan(presses * 0.9)
      expect(committed.length).toBeLessThanOrEqual(presses)
      await waitFor('all rows', 40_000, () => readPresses(installation).length >= committed.length)
      const stored = readPresses(installation).filter(({ is_repeat }) => is_repeat === 0)
      const keyOf = (press: { box: string; seq: number; button: number }) => `${press.box} ${press.seq} ${press.button}`
      const truth = committed.map(({ boxId, sequence, button }) => keyOf({ box: boxId, seq: sequence, button }))
      const rows = stored.map(({ box: id, box_seq, value }) => keyOf({ box: id, seq: box_seq, button: 4 - value }))
      expect(rows).toHaveLength(truth.length)
      expect(new Set(rows)).toEqual(new Set(truth))
      expect(new Set(rows).size).toBe(rows.length)

      // A press may be stored before an anchor tells its time; then its tallies follow.
      await waitFor('all times', 20_000, () => readUntimed(installation) === 0)
      const [tallied] = installation.readCentral<{ raw: number }>(
        "SELECT sum(n0 + n1 + n2 + n3) AS raw FROM cell_tally WHERE class IN ('raw', 'uncertain')",
      )
      const [timed] = installation.readCentral<{ count: number }>(
        'SELECT count(*) AS count FROM press WHERE class IS NOT NULL AND is_repeat = 0',
      )
      expect(tallied?.raw).toBe(timed?.count)
      expect(timed?.count).toBe(rows.length)
      const byValue = installation.readCentral<{ value: number; count: number }>(
        'SELECT value, count(*) AS count FROM press WHERE is_repeat = 0 GROUP BY value',
      )
      const [sums] = installation.readCentral<Record<string, number>>(
        "SELECT sum(n0) AS n0, sum(n1) AS n1, sum(n2) AS n2, sum(n3) AS n3 FROM cell_tally WHERE class IN ('raw', 'uncertain')",
      )
      expect(Object.fromEntries(byValue.map(({ value, count }) => [`n${value}`, count]))).toEqual(sums)
    } finally {
      await cable.close()
      await installation.close()
    }
  }, 150_000)
})
