import { Command } from 'commander'
import { collectBroker, numberFrom, parseDate, parseSpeed, type SimulateOptions } from './simulate/simulate-options.ts'

const help = `
Without --config, --broker and --accounts it starts a central of its own in a temporary folder. With --config it creates a place, touchpoints
and terminals named sim-… in the database of that central, which must be running. With --broker, --accounts and --http it uses a central far
away; its terminals are then really pressed.
Ctrl-C stops the pressing; what was pressed is delivered and compared. Exit code 0: every press is at the central once, at its time,
and tallied so.

Examples:
  $ smilepost simulate --count 50 --days 3 --offline 1 --restarts 1 --duplicates 1 --wrong-clock-share 0.3
  $ smilepost simulate --from 2026-10-24 --days 2 --count 16
  $ smilepost simulate --config config/central.toml --count 10 --speed 600`

async function makeProgress() {
  const { SingleBar } = await import('cli-progress')
  const isShown = process.stderr.isTTY === true
  const format = '{text}  [{bar}] {percentage} %  {value} of {total} presses'
  const bar = new SingleBar({
    format,
    stream: process.stderr,
    barCompleteChar: '#',
    barIncompleteChar: '-',
    hideCursor: true,
  })
  return {
    start: (presses: number) => isShown && bar.start(presses, 0, { text: 'pressing' }),
    press: () => isShown && bar.increment(),
    say: (text: string) => isShown && bar.update({ text }),
    stop: () => isShown && bar.stop(),
  }
}

async function simulate(options: SimulateOptions): Promise<void> {
  const { runSimulation } = await import('./simulate/run-simulation.ts')
  const { formatReport, isProven } = await import('./simulate/simulation-report.ts')
  const stop = new AbortController()
  const signals = ['SIGINT', 'SIGTERM'] as const
  const onSignal = () => {
    if (stop.signal.aborted) process.exit(1)
    stop.abort()
  }
  for (const signal of signals) process.on(signal, onSignal)
  try {
    const report = await runSimulation(options, await makeProgress(), stop.signal)
    process.stdout.write(
      options.json ? `${JSON.stringify({ isProven: isProven(report), ...report })}\n` : formatReport(report),
    )
    if (!isProven(report)) process.exitCode = 1
  } finally {
    for (const signal of signals) process.off(signal, onSignal)
  }
}

export function makeSimulateCommand(): Command {
  const share = numberFrom(0, 1, false)
  return new Command('simulate')
    .description('many terminals pressed by seeded customers, with faults, and a check that every press arrived once')
    .option('--count <number>', 'terminals', numberFrom(1, 5_000), 10)
    .option('--days <number>', 'days of presses', numberFrom(1, 60), 2)
    .option(
      '--from <date>',
      'first day, such as the one before a clock change; left out: so that the last day was yesterday',
      parseDate,
    )
    .option('--presses-per-day <number>', 'of one terminal, on average', numberFrom(1, 20_000), 300)
    .option('--seed <number>', 'another history', numberFrom(0, 2 ** 31), 1)
    .option('--speed <factor>', '1 is real time; max: as fast as acknowledged', parseSpeed, 'max')
    .option('--touch-share <share>', 'of presses made on the glass', share, 0.2)
    .option('--offline <number>', 'spells without network, of each terminal', numberFrom(0, 100), 0)
    .option('--restarts <number>', 'restarts of daemon or machine, of each terminal', numberFrom(0, 100), 0)
    .option('--duplicates <number>', 'times that another client takes the name of each terminal', numberFrom(0, 100), 0)
    .option(
      '--wrong-clock-share <share>',
      'of terminals whose clock is a day off, or in 1970, until hours after each start',
      share,
      0,
    )
    .option('--config <file>', 'configuration of a running central on this machine (TOML)')
    .option('--broker <url>', 'in place of the configured one; may be repeated', collectBroker)
    .option('--accounts <file>', 'CSV with terminal, secret and touchpoint: existing terminals, in place of new ones')
    .option('--http <url>', 'of a central far away')
    .option('--question <id>', 'what is answered', 'service')
    .option('--minutes <number>', 'ends after so long in any case', numberFrom(0.1, 1_440, false), 30)
    .option('--yes', 'send to brokers that are not on this machine')
    .option('--json', 'print JSON alone')
    .addHelpText('after', help)
    .action(simulate)
}
