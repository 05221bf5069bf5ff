/** A line on which bytes are lost, changed, and come out of nowhere, both ways, while the box is pressed. */
import { hasSocat } from '../support/box-on-pty.ts'
import { type BoxRoad, openBoxRoad } from './support/box-road.ts'
import { faultScale } from './support/fault-parameters.ts'
import { type FaultRow, faultRow } from './support/fault-row.ts'

type Kind = 'drop' | 'flip' | 'insert'
const countNames = { drop: 'dropped', flip: 'flipped', insert: 'inserted' } as const
const wanted = { toHost: 20 * faultScale, toBox: 4 * faultScale }

/** Presses until so many bytes have been hurt each way. @returns how many were */
async function hurt({ cable, press, pressUntil }: BoxRoad, kind: Kind, draw: () => number): Promise<number> {
  const count = () => {
    const { toHost, toBox } = cable.counts()
    return { toHost: toHost[countNames[kind]], toBox: toBox[countNames[kind]] }
  }
  const before = count()
  const since = (way: 'toHost' | 'toBox') => count()[way] - before[way]
  cable.setRates({ [kind]: 0.01 + draw() * 0.02 })
  await press(Math.round(12 * faultScale))
  await pressUntil(
    `bytes to be hurt by ${kind}`,
    () => since('toHost') >= wanted.toHost && since('toBox') >= wanted.toBox,
  )
  return since('toHost') + since('toBox')
}

async function play(row: FaultRow): Promise<void> {
  const road = await openBoxRoad(row)
  try {
    const faults: Record<string, number> = {}
    for (const kind of ['drop', 'flip', 'insert'] as const)
      faults[`bytes ${countNames[kind]}`] = await hurt(road, kind, row.draw)
    await road.finish(faults)
  } finally {
    await road.close()
  }
}

faultRow('serial garbage, drops, flips', 300, play, hasSocat())
