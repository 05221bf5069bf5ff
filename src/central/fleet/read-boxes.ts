import type { PressRecord } from '../../contracts/records.ts'
import type { BoxShare, BoxTold, Cursor, Quarantined } from '../store/custody.ts'
import type { StoreReader } from '../store/port.ts'
import { accountBox, type BoxAccount, type Holder } from './account-box.ts'
import { type Report, readReport } from './read-report.ts'

/** Numbers of presses of a box that came under a key that held another content. */
function listConflicting(rows: readonly Quarantined[], box: string): number[] {
  const seqs = new Set<number>()
  for (const row of rows) {
    const record = JSON.parse(row.arrived) as Partial<PressRecord>
    if (record.kind === 'press' && record.source === 'box' && record.box === box && record.boxSeq)
      seqs.add(record.boxSeq)
  }
  return [...seqs]
}

/** Nothing kept of what it told of a box: then its last report, if that is of this box, is all that is known. */
function findTold({ box, told }: Report, id: string, kept: BoxTold | undefined): Holder['told'] {
  if (kept) return kept
  if (box?.id !== id) return null
  const atMs = told?.atMs ?? 0
  return { next: box.next, pending: box.pending, atMs, fromAtMs: atMs, fromNext: box.next }
}

/** What a box's presses are accounted by, but for what is quarantined. */
type BoxSources = { shares: BoxShare[]; told: BoxTold[] }
type BoxesRead = {
  /** Of the terminal and of all that have or had one of its boxes. */
  reports: Map<string, Report>
  boxes: Map<string, BoxSources>
  /** Of the terminal. */
  cursors: Cursor[]
}

/**
 * Reads in the order in which presses travel: what was told of a box, then what terminals say of their outboxes, then what is stored.
 * Presses go on while this is read, so that one that has moved on is seen twice, which the account allows for, and never not at all.
 */
export async function readBoxes(read: StoreReader, terminal: string): Promise<BoxesRead> {
  const boxes = new Map<string, BoxSources>()
  const reports = new Map<string, Report>()
  const addBox = async (box: string) => {
    if (!boxes.has(box)) boxes.set(box, { shares: [], told: await read.boxTold(box) })
  }
  const addReport = async (name: string) => {
    if (!reports.has(name)) reports.set(name, readReport(await read.terminalState(name)))
  }
  for (const box of await read.boxesOf(terminal)) await addBox(box)
  await addReport(terminal)
  const { box: attached, waiting } = reports.get(terminal) as Report
  for (const { box } of waiting?.boxes ?? []) await addBox(box)
  if (attached) await addBox(attached.id)
  for (const { told } of boxes.values()) for (const teller of told) await addReport(teller.terminal)
  const cursors = await read.cursors(terminal)
  for (const [box, sources] of boxes) {
    sources.shares = await read.boxShares(box)
    const silent = new Set(sources.shares.flatMap((share) => share.terminal ?? []).filter((name) => !reports.has(name)))
    if (silent.size === 0) continue
    for (const name of silent) await addReport(name)
    sources.shares = await read.boxShares(box)
  }
  return { reports, boxes, cursors }
}

/** The parts of a terminal in all the boxes that it has or had. */
export function accountBoxes(
  terminal: string,
  { reports, boxes }: Pick<BoxesRead, 'reports' | 'boxes'>,
  quarantined: readonly Quarantined[],
): BoxAccount[] {
  return [...boxes].map(([box, { shares, told }]) => {
    const names = new Set([
      terminal,
      ...shares.flatMap((share) => share.terminal ?? []),
      ...told.map((one) => one.terminal),
    ])
    const holders = [...names].flatMap((name): Holder[] => {
      const report = reports.get(name)
      const own = told.find((one) => one.terminal === name)
      return report ? [{ terminal: name, report, told: findTold(report, box, own) }] : []
    })
    return accountBox(box, terminal, { shares, holders, conflicting: listConflicting(quarantined, box) })
  })
}
