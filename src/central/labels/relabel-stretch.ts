import { labelPresses, type PressLabel } from '../../analysis/mash-filter.ts'
import type { PressKey, StoredPress, StoreWriter, TallyChange } from '../store/port.ts'
import type { BurstGaps } from './burst-gaps.ts'
import type { Chain } from './chain-presses.ts'
import type { Stretch } from './group-hours.ts'
import { readChains } from './read-chains.ts'

type Verdict = { label: PressLabel['label']; rule: string | null }
type NewLabel = PressKey & Verdict
export type Relabelled = {
  /** Presses read. */
  presses: number
  changes: TallyChange[]
  labels: NewLabel[]
}
type Judging = Omit<Relabelled, 'changes'> & { changes: Map<string, TallyChange> }

/** The `counted` tally of a press moves with its label: unlabelled and misuse are not in it. Summed, since hours are full of presses. */
function changeTally(changes: Judging['changes'], press: StoredPress, label: PressLabel['label']): void {
  const delta = Number(label === 'counted') - Number(press.label === 'counted')
  if (delta === 0 || !press.cell) return
  const { cell } = press
  const { question, value } = press.record
  const key = `${cell.touchpoint} ${question} ${cell.localDate} ${cell.hour} ${cell.offsetMinutes} ${value}`
  const change = changes.get(key)
  if (change) change.delta += delta
  else changes.set(key, { ...cell, question, class: 'counted', value, delta })
}

/** What the box itself said of a press: one of two buttons pressed together (PROTOCOL.md §13.4). */
function verdictOfBox({ record: { flags } }: StoredPress): Verdict | null {
  return flags & 2 ? { label: 'misuse', rule: 'chord' } : null
}

function judge(judging: Judging, press: StoredPress, byFilter: Verdict): void {
  // Only a press with a sure hour at a touchpoint is labelled: the label says whether it is in a counted tally.
  if (press.cell?.class !== 'raw') return
  const { label, rule } = verdictOfBox(press) ?? byFilter
  if (press.label === label && press.rule === rule) return
  const { terminal, epoch, record } = press
  judging.labels.push({ terminal, epoch, sequence: record.sequence, label, rule })
  changeTally(judging.changes, press, label)
}

async function judgeChain(judging: Judging, chain: Chain, gaps: BurstGaps): Promise<void> {
  const placed = chain.find(({ cell }) => cell?.class === 'raw')
  if (!placed) return
  const labels = labelPresses(
    chain.map(({ record }) => record.monoMs),
    chain.map(({ record }) => record.value),
    { gapMs: gaps.find(placed) ?? (await gaps.read(placed)) },
  )
  for (const [i, press] of chain.entries()) judge(judging, press, labels[i] as PressLabel)
}

/**
 * Works the labels of a stretch of hours out again and writes those that changed; the changes of tallies are handed back,
 * to be applied in the same transaction.
 *
 * A press whose time is vague is counted: nothing says that it was part of a run, and a power cut must not turn honest presses into play.
 */
export async function relabelStretch(writer: StoreWriter, stretch: Stretch, gaps: BurstGaps): Promise<Relabelled> {
  const { chains, vague, presses } = await readChains(writer, stretch)
  const judging: Judging = { presses, changes: new Map(), labels: [] }
  for (const chain of chains) await judgeChain(judging, chain, gaps)
  for (const press of vague) judge(judging, press, { label: 'counted', rule: null })
  await writer.labelPresses(judging.labels)
  return { ...judging, changes: [...judging.changes.values()] }
}
