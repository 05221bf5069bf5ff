/**
 * The terminal's disk is full to the last byte, twice, while people press; then there is room again. The daemon is never restarted.
 * Truth is the simulator's own log of EEPROM commits against the central's rows by plain SQL.
 */
import { existsSync, mkdtempSync, statfsSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { hasSocat, openBoxOnPty } from '../support/box-on-pty.ts'
import { buttonAt, listenToBox, openBox } from '../support/box-script.ts'
import { expectCustody } from '../support/expect-custody.ts'
import { openInstallation } from '../support/installation.ts'
import { waitFor } from '../support/smilepost-process.ts'
import { faultSeed } from './support/fault-parameters.ts'
import { faultRow } from './support/fault-row.ts'
import { fetchSettledLedger } from './support/read-ledger.ts'
import { canMount, mountSizedDisk } from './support/sized-disk.ts'

const isPossible = hasSocat() && canMount(mkdtempSync(join(tmpdir(), 'smilepost-mount-')))
const diskMb = 12
const speed = 4

faultRow(
  'disk of the terminal full, and back',
  300,
  async (row) => {
    const faults = { 'times full to the byte': 0, 'presses into a full disk': 0 }
    const installation = await openInstallation()
    const folder = join(installation.folder, 'terminal')
    const disk = mountSizedDisk(folder, diskMb)
    const box = openBox({ seed: faultSeed })
    const said = listenToBox(box)
    const cable = await openBoxOnPty({ box, dir: installation.folder, speed })
    // What the central has, the terminal may have deleted for want of room.
    const stored = () => {
      const here = installation.readOutbox<{ box_seq: number }>("SELECT box_seq FROM records WHERE kind = 'press'")
      const there = installation.readCentral<{ box_seq: number }>('SELECT box_seq FROM press WHERE is_repeat = 0')
      return new Set([...here, ...there].map(({ box_seq }) => box_seq)).size
    }
    const press = async (count: number) => {
      for (let i = 0; i < count; i += 1) {
        const settledAtMs = box.press(buttonAt(i), { holdMs: 50, bounceMs: 5 })
        await waitFor('the contacts to rest', 60_000, () => box.nowMs() > settledAtMs + 60)
      }
    }
    try {
      await installation.startCentral()
      const terminal = await installation.startTerminal(cable.path)
      await waitFor('the box to have an identity', 60_000, () => said.some((line) => line.startsWith('H,')))
      const ballast = join(folder, 'ballast')
      await waitFor(
        'the ballast',
        60_000,
        () => statSync(ballast, { throwIfNoEntry: false })?.size === (diskMb * 2 ** 20) / 8,
      )
      await press(8)
      for (const round of [1, 2]) {
        disk?.fill(`filler-${round}`)
        await waitFor('the outbox to be refused', 60_000, async () => {
          await press(1)
          return !existsSync(ballast)
        })
        // What the ballast held is taken too: not a byte is left.
        expect(disk?.fill(`rest-${round}`)).toBeGreaterThan(0)
        expect(statfsSync(folder).bavail).toBe(0)
        const before = { stored: stored(), committed: box.committed().length }
        await press(6)
        expect(box.committed().length).toBe(before.committed + 6)
        expect(stored()).toBe(before.stored)
        faults['times full to the byte'] += 1
        faults['presses into a full disk'] += 6
        expect(box.committed().length).toBeGreaterThan(stored())

        disk?.free(`rest-${round}`)
        disk?.free(`filler-${round}`)
        await waitFor('the ballast to be made again', 60_000, () => existsSync(ballast))
        await waitFor('the presses of the box', 60_000, () => stored() >= box.committed().length)
        await press(4)
      }
      expect(terminal.output().stderr.match(/the disk is full/g)).toHaveLength(2)
      expect(box.committed().length).toBeGreaterThanOrEqual(30)
      await expectCustody(installation, box.committed())
      const ledger = await fetchSettledLedger(installation.httpUrl, 'kiosk-1', box.committed().length)
      row.close({ pressed: box.committed().length, faults, ledgers: [ledger] })
      expect(await terminal.end('SIGTERM')).toBe(0)
    } finally {
      await cable.close()
      await installation.close().catch(() => {})
      disk?.unmount()
    }
  },
  isPossible,
)
