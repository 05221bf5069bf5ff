// What 100,000 terminals do to a broker that comes back after 60 s, by the uplink's own choice of broker and of delays, beside two
// common policies in the same run: npm run bench -- herd
import { nextConnectDelayMs } from '../../src/terminal/uplink/connect-delay.ts'
import { usualTiming } from '../../src/terminal/uplink/timing.ts'
import { type HerdFigures, type HerdOptions, simulateHerd } from '../support/herd-simulation.ts'
import { type Figure, printFigures } from './support/print-figures.ts'

const TERMINALS = 100_000
const OUTAGE_MS = 60_000
const ACCEPTS_PER_SECOND = 2_000
const SEED = 0.42
const unitOf = {
  ...{ lost: 'terminals', peakPerSecond: 'attempts/s', peakAtUpPerSecond: 'attempts/s', attempts: 'attempts' },
  ...{ mostBackS: 's', allBackS: 's' },
} as const
const columns = ['lost', 'peakPerSecond', 'peakAtUpPerSecond', 'attempts', 'mostBackS', 'allBackS'] as const
const rows: Figure[] = []

type Policy = HerdOptions['nextDelayMs']
const own: Policy = (history, random) => nextConnectDelayMs(history, usualTiming, random())
const fixedSecond: Policy = () => 1_000
const fullJitter: Policy = ({ failures }, random) => random() * Math.min(300_000, 2_000 * 2 ** failures)

const down = { upFromMs: OUTAGE_MS, acceptsPerSecond: ACCEPTS_PER_SECOND }
const up = { ...down, upFromMs: 0 }
const never = { ...down, upFromMs: Number.POSITIVE_INFINITY }

function play(what: string, nextDelayMs: Policy, brokers: HerdOptions['brokers'], alive = 0): HerdFigures {
  const figures = simulateHerd({ terminals: TERMINALS, brokers, alive, seed: SEED, nextDelayMs })
  for (const column of columns) rows.push({ what: `${what}: ${column}`, value: figures[column], unit: unitOf[column] })
  return figures
}

const ours = play('one broker: the uplink', own, [down])
const fixed = play('one broker: every second', fixedSecond, [down])
const jitter = play('one broker: full jitter from 2 s', fullJitter, [down])
play('two brokers, both away: the uplink', own, [down, down])
play('two brokers, one dead for good: the uplink', own, [up, never], 1)
for (const [name, peer] of [
  ['every second', fixed],
  ['full jitter from 2 s', jitter],
] as const) {
  for (const column of ['peakPerSecond', 'attempts'] as const) {
    const ratio = ours[column] / peer[column]
    rows.push({ what: `the uplink: ${column}`, value: ours[column], unit: unitOf[column], ratio, to: name })
  }
}
printFigures('herd', rows)
