/** A device that talks 50 MB without a newline, in the place of the box, which is pressed meanwhile and then put back. */
import { join } from 'node:path'
import { expect } from 'vitest'
import { hasSocat } from '../support/box-on-pty.ts'
import { meterProcess } from '../support/process-usage.ts'
import { openRawCable } from '../support/raw-cable.ts'
import { openBoxRoad } from './support/box-road.ts'
import { faultScale } from './support/fault-parameters.ts'
import { faultRow } from './support/fault-row.ts'

const chunkBytes = 500_000

faultRow(
  'babble of 50 MB without a newline',
  300,
  async (row) => {
    const road = await openBoxRoad(row)
    const { pty, installation } = road
    const faults = { 'bytes of babble': 0 }
    try {
      await road.press(Math.round(10 * faultScale))
      await pty.unplug()
      const babbler = await openRawCable(join(installation.folder, 'box'))
      const measure = meterProcess(road.daemon().pid)
      for (const endBytes = 50_000_000 * Math.max(1, faultScale); faults['bytes of babble'] < endBytes; ) {
        // Anything but a newline.
        const byte = 11 + Math.floor(row.draw() * 245)
        // Whoever reads it sets the pace.
        await babbler.write(new Uint8Array(chunkBytes).fill(byte))
        faults['bytes of babble'] += chunkBytes
        if (faults['bytes of babble'] % (chunkBytes * 20) === 0) await road.press(2)
      }
      const { cpuPercent, grownMb } = measure()
      process.stderr.write(`50 MB of babble: ${cpuPercent.toFixed(1)} % of a core, ${grownMb.toFixed(0)} MB more\n`)
      expect(grownMb).toBeLessThan(32)
      await babbler.hangUp()
      await pty.plug()
      await road.press(5)
      await road.finish(faults)
    } finally {
      await road.close()
    }
  },
  hasSocat(),
)
