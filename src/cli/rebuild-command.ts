import { Command, InvalidArgumentError } from 'commander'
import type { Rebuilt } from '../central/upkeep/rebuild-tallies.ts'
import { AppError } from '../shared/errors.ts'

type Options = {
  touchpoint?: string
  from?: string
  to?: string
  config?: string
  dryRun?: boolean
  json?: boolean
}

const maxListed = 40
const workMs = 20

const help = `
After a correction of a touchpoint's zone or of a placement, which by itself moves no press that was counted already; or when the
nightly comparison says that tallies differ from presses. Presses are never changed but for the place, the local hour and the label.

The central may run meanwhile: the work is cut into short transactions. A rebuild that was stopped half-way does no harm; run it again.
A look at all dates and touchpoints, also with --dry-run, is what the page of terminals then tells as the last comparison.
Labels are worked out anew with the response gap of the corrected tallies, so counts of misuse may change slightly.

Example:
  $ smilepost rebuild --dry-run --config /etc/smilepost/central.toml
  $ smilepost rebuild --touchpoint harbour-street-exit --from 2026-03-01 --config /etc/smilepost/central.toml`

function parseDate(text: string): string {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text)
    throw new InvalidArgumentError('expected a date such as 2026-03-29')
  return text
}

const placeOf = (touchpoint: string | null) => touchpoint ?? 'no touchpoint'

function listFindings({ moves, differences }: Rebuilt, dryRun: boolean): string[] {
  const [moved, mended] = dryRun ? ['would move', 'would be mended'] : ['moved', 'mended']
  const lines = moves.map(({ from, to, presses }) => {
    const where = from === to ? `within ${placeOf(to)} to another hour` : `from ${placeOf(from)} to ${placeOf(to)}`
    return `${presses} presses ${moved} ${where}`
  })
  for (const { touchpoint, localDate, changes } of differences) {
    const byClass = new Map<string, number>()
    for (const { class: name, delta } of changes) byClass.set(name, (byClass.get(name) ?? 0) + delta)
    const sums = [...byClass].map(([name, delta]) => `${name} ${delta > 0 ? '+' : ''}${delta}`)
    lines.push(`${touchpoint} ${localDate}: tallies ${mended}, ${sums.join(', ')}`)
  }
  return lines
}

/** One line a finding, and a last one that sums up. */
function formatRebuilt(rebuilt: Rebuilt, dryRun: boolean): string {
  const { dates, moves, differences, relabelled } = rebuilt
  if (!dates) return 'No presses and no tallies there.\n'
  const lines = listFindings(rebuilt, dryRun)
  const more = lines.length > maxListed ? [`… and ${lines.length - maxListed} more lines; --json lists all`] : []
  const presses = moves.reduce((sum, move) => sum + move.presses, 0)
  const labels = dryRun ? 'labels are looked at only in a real run' : `${relabelled} labels changed`
  const sum = `${dates.from} to ${dates.to}: ${presses} presses elsewhere, ${differences.length} days of tallies differed, ${labels}`
  return `${[...lines.slice(0, maxListed), ...more, sum].join('\n')}\n`
}

/** Half of the time belongs to a central beside us, which can't write while we do. */
function makePause(): () => Promise<void> {
  let workedFromMs = Date.now()
  return async () => {
    const workedMs = Date.now() - workedFromMs
    if (workedMs < workMs) return
    await new Promise((resolve) => setTimeout(resolve, workedMs))
    workedFromMs = Date.now()
  }
}

async function rebuild(
  { touchpoint, from, to, config, dryRun = false, json }: Options,
  command: Command,
): Promise<void> {
  if (from !== undefined && to !== undefined && from > to) command.error(`error: --from ${from} is after --to ${to}`)
  const { rebuildTallies } = await import('../central/upkeep/rebuild-tallies.ts')
  const { noteComparison } = await import('../central/upkeep/note-comparison.ts')
  const { showProgress } = await import('./backup/show-progress.ts')
  const { withCentralStore } = await import('./open-store.ts')
  const { makeRebuildMeans } = await import('./rebuild/rebuild-means.ts')
  const bars = {
    places: showProgress('places', 'days'),
    tallies: showProgress('tallies', 'dates'),
    labels: showProgress('labels', 'days'),
  }
  const onProgress = (step: keyof typeof bars, done: number, all: number) => {
    bars[step].set(done, all)
    if (done === all) bars[step].end()
  }
  const rebuilt = await withCentralStore(config, async (store) => {
    if (touchpoint !== undefined && !(await store.read.touchpoint(touchpoint)))
      throw new AppError('unknown-touchpoint', `no touchpoint is called ${touchpoint}`)
    const wanted = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) }
    const means = makeRebuildMeans(store)
    const before = await store.read.compared()
    const startedAtMs = Date.now()
    const result = await rebuildTallies({
      ...{ store, means, touchpoint, wanted, onProgress },
      ...{ retainedFromMs: null, isDry: dryRun, pause: makePause() },
    })
    const isWhole = touchpoint === undefined && from === undefined && to === undefined
    // What was mended agrees as of its end; what was only looked at was seen as it was from the start on.
    const found = dryRun
      ? { atMs: startedAtMs, differences: result.differences.length }
      : { atMs: Date.now(), differences: 0 }
    if (isWhole) await noteComparison(store, { found, before })
    return result
  })
  process.stdout.write(json ? `${JSON.stringify(rebuilt)}\n` : formatRebuilt(rebuilt, dryRun))
}

export function makeRebuildCommand(): Command {
  return new Command('rebuild')
    .description('put presses where zones and placements say now, and make the tallies agree with them')
    .option('--touchpoint <id>', 'only what stood there or belongs there')
    .option('--from <date>', 'first local date', parseDate)
    .option('--to <date>', 'last local date', parseDate)
    .option('--dry-run', 'change nothing, tell what would change')
    .option('--config <file>', 'configuration of the central (TOML)')
    .option('--json', 'print JSON alone')
    .addHelpText('after', help)
    .action(rebuild)
}
