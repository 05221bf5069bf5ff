/** The daemon dies by SIGKILL at random instants while the box is pressed, and is started again by its service manager. */
import { expect } from 'vitest'
import { hasSocat } from '../support/box-on-pty.ts'
import { openBoxRoad } from './support/box-road.ts'
import { faultScale } from './support/fault-parameters.ts'
import { faultRow } from './support/fault-row.ts'

const kills = Math.max(2, Math.round(4 * faultScale))

faultRow(
  'daemon killed',
  300,
  async (row) => {
    const road = await openBoxRoad(row)
    const { box, daemon } = road
    const faults = { kills: 0, 'with presses unacknowledged': 0 }
    try {
      for (let kill = 0; kill < kills; kill += 1) {
        await road.press(6)
        // In the midst of a press, of its line, or of its commit.
        const pressing = road.press(1)
        await road.live(row.draw() * 120)
        const { exited } = daemon()
        const isBack = road.killDaemon()
        expect(await exited).toBe('SIGKILL')
        faults.kills += 1
        await pressing
        await road.press(4)
        if (road.taken() < box.committed().length) faults['with presses unacknowledged'] += 1
        await isBack
      }
      await road.finish(faults)
    } finally {
      await road.close()
    }
  },
  hasSocat(),
)
