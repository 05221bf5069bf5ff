import { parseArgs } from 'node:util'

export const help = `usage: npm run test:faults -- [options]

Runs the fault matrix, round after round of all its rows, until the time is up or a row fails. Each round draws from the next seed, so that
no round is like another and each can be had again. At the end stands a table of what was pressed, what the ledger says of it and which
faults happened. The exit code is 0 where no row failed, 1 where one did, 2 where this line was not understood.

  --minutes N    begin no row after so many minutes (10; with --rounds 1440)
  --rounds N     end after so many rounds
  --seed S       seed of the first round (1)
  --scale F      rows that draw by it are F times as long (1, as in CI)
  --row WORD     only the files with this word in their names: --row central
  --json FILE    also write the table's rows to FILE
  --help         print this

Everything from seed 7 on for an hour:        npm run test:faults -- --minutes 60 --seed 7
A failing row again, with the seed it told:   npm run test:faults -- --rounds 1 --seed 12 --row power-cut`

const text = { type: 'string' }
const options = {
  minutes: text,
  rounds: text,
  seed: text,
  scale: text,
  row: text,
  json: text,
  help: { type: 'boolean' },
}
const valid = Object.keys(options).map((name) => `--${name}`)

/** @returns {{ minutes: number, rounds: number, seed: number, scale: number, row: string, json?: string } | 'help'} */
export function readArguments(args) {
  const { values } = parse(args)
  if (values.help) return 'help'
  const numbers = {
    minutes: Number(values.minutes ?? (values.rounds === undefined ? 10 : 1_440)),
    rounds: Number(values.rounds ?? Number.POSITIVE_INFINITY),
    seed: Number(values.seed ?? 1),
    scale: Number(values.scale ?? 1),
  }
  for (const name of ['minutes', 'rounds', 'scale'])
    if (!(numbers[name] > 0)) throw new Error(`--${name} ${values[name]}: a number above 0 is expected`)
  if (!Number.isSafeInteger(numbers.seed) || numbers.seed < 1)
    throw new Error(`--seed ${values.seed}: a whole number from 1 is expected`)
  return { ...numbers, row: values.row ?? '', json: values.json }
}

/** node's own message names the option, but none that there is. */
function parse(args) {
  try {
    return parseArgs({ args, options })
  } catch (error) {
    throw new Error(`${error.message.split('. ')[0]}; there are ${valid.join(', ')}`)
  }
}
