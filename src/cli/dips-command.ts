import { Command, InvalidArgumentError } from 'commander'
import { isRealDate } from '../central/report/local-date.ts'
import { systemClock } from '../shared/clock.ts'
import { type Language, languages } from '../words/languages.ts'

type Options = {
  terminals: string
  from?: string
  to?: string
  asOf?: string
  fdr: number
  language: Language
  withMisuse?: boolean
  strict?: boolean
  json?: boolean
}

const help = `
Finds recurring dips in the Happy Index: hours of the day that became worse than the hours around them. Needs nothing but the two
files; no service, no database. At least two weeks of presses are needed, eight are better.

PRESSES.csv, header and any order of rows, plain or gzip, or - for standard input:
  terminal,utc,button          button: 1 very happy, 2 happy, 3 unhappy, 4 very unhappy
  t017,2025-03-10T09:12:44Z,1  utc: ISO 8601 with Z or an offset; a column id, if there is one, tells repeated rows apart
TERMINALS.csv:
  terminal,tz,open,close       open and close: local time, close after midnight is fine, both empty means always open
  t017,Europe/Helsinki,08:00,21:00

Bad rows are left out and counted, the first ten are shown. Exit codes: 0 done, 1 failed, 2 wrong usage.

Example:
  $ smilepost dips presses.csv --terminals terminals.csv
  $ xz -dc presses.csv.xz | smilepost dips - --terminals terminals.csv --from 2025-02-24 --to 2025-04-20 --json`

function parseDate(text: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && isRealDate(text)) return text
  throw new InvalidArgumentError('expected a date such as 2025-03-29')
}

function parseFdr(text: string): number {
  const fdr = text.trim() === '' ? Number.NaN : Number(text)
  if (fdr > 0 && fdr < 1) return fdr
  throw new InvalidArgumentError('expected a number between 0 and 1, both excluded, such as 0.05')
}

function parseLanguage(text: string): Language {
  const language = languages.find((known) => known.toLowerCase() === text.toLowerCase())
  if (language) return language
  throw new InvalidArgumentError(`expected one of ${languages.join(', ')}`)
}

function checkUsage(presses: string, { terminals, from, to, asOf }: Options, command: Command): void {
  if (presses === '-' && terminals === '-')
    command.error('error: only one of the two files can come from standard input')
  if (from !== undefined && to !== undefined && from > to) command.error(`error: --from ${from} is after --to ${to}`)
  const last = to ?? from
  if (asOf !== undefined && last !== undefined && last >= asOf)
    command.error(`error: ${last} is not over on --as-of ${asOf}`)
}

/** Whoever reads may have seen enough: `| head` closes the pipe. */
function leaveQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}

async function findInFile(path: string, options: Options, command: Command): Promise<void> {
  checkUsage(path, options, command)
  const { showProgress } = await import('./backup/show-progress.ts')
  const { makeFaultLog } = await import('./dips/fault-log.ts')
  const { openInput } = await import('./dips/open-input.ts')
  const { runDips } = await import('./dips/run-dips.ts')
  const { formatDipReport } = await import('./dips/format-dip-report.ts')
  const { from, to, asOf, fdr, language, withMisuse = false, strict = false, json = false } = options
  const terminals = openInput(options.terminals)
  const presses = openInput(path)
  // On a screen the line may hold a progress bar, which comes again with the next step.
  const warn = (line: string) => process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${line}\n` : `${line}\n`)
  const faults = makeFaultLog(presses.name, strict, warn)
  const bars = {
    reading: showProgress('reading', presses.sizeBytes === null ? 'presses' : 'bytes'),
    filtering: showProgress('filtering', 'parts'),
  }
  const onProgress = (step: keyof typeof bars, done: number, all: number | null) => {
    if (step === 'filtering') bars.reading.end()
    bars[step].set(done, all)
    if (done === all) bars[step].end()
  }
  try {
    const period = { from, to, asOf }
    const asked = { presses, terminals, period, fdr, language, withMisuse }
    const report = await runDips({ ...asked, faults, clock: systemClock, onProgress })
    if (report.skipped > 0) warn(`${presses.name}: ${report.skipped} bad rows left out: ${faults.summary()}`)
    // One press of a wrong clock years ahead moves the last day, and with it the whole period.
    if (from === undefined && to === undefined && report.outsidePeriod > 0.98 * report.presses)
      warn(`${presses.name}: hardly any press lies within ${report.from} to ${report.to}; choose with --from and --to`)
    process.stdout.on('error', leaveQuietly)
    process.stdout.write(json ? `${JSON.stringify(report)}\n` : formatDipReport(report, language))
  } finally {
    bars.reading.end()
    bars.filtering.end()
  }
}

export function makeDipsCommand(): Command {
  return new Command('dips')
    .description('find the hours that hurt in a file of presses')
    .argument('<presses>', 'press file (CSV, also gzip), or - for standard input')
    .requiredOption('--terminals <file>', 'terminal file (CSV): time zone and opening hours')
    .option('--from <date>', 'first business date (default: 56 days up to the last)', parseDate)
    .option('--to <date>', 'last business date (default: the last complete one)', parseDate)
    .option(
      '--as-of <date>',
      'day on which the file was made: later days and that day itself are not complete',
      parseDate,
    )
    .option('--fdr <share>', 'accepted share of false findings, between 0 and 1', parseFdr, 0.05)
    .option('--language <code>', `language of the report: ${languages.join(', ')}`, parseLanguage, 'en')
    .option('--with-misuse', 'compare presses that were taken for play, too')
    .option('--strict', 'stop at the first bad row')
    .option('--json', 'print JSON alone')
    .addHelpText('after', help)
    .action(findInFile)
}
