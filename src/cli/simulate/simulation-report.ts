import type { Account } from './account-of-terminal.ts'
import { findAccountFaults } from './account-of-terminal.ts'
import type { SimulatedTerminal } from './simulated-terminal.ts'

export type SimulationFaults = ReturnType<SimulatedTerminal['faultsDone']> & { wrongClocks: number }
export type SimulationReport = {
  seed: number
  /** Everything that was planned was pressed and acknowledged. */
  isComplete: boolean
  /** From the first press to the last acknowledgement. */
  tookMs: number
  /** Of this process, in MB and seconds. */
  maxRssMb: number
  cpuSeconds: number
  /** That really happened. */
  faults: SimulationFaults
  accounts: Account[]
}

const shownAtMost = 40

/** @returns what this process has used between the two calls */
export function makeUsage(): () => Pick<SimulationReport, 'maxRssMb' | 'cpuSeconds'> {
  const before = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(before)
    return {
      maxRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
      cpuSeconds: Math.round((user + system) / 100_000) / 10,
    }
  }
}

export function countFaults(terminals: readonly SimulatedTerminal[]): SimulationFaults {
  const wrongClocks = terminals.filter(({ plan }) => plan.clock !== null).length
  const sum = { offline: 0, restart: 0, reboot: 0, duplicate: 0, handedTwice: 0, heldByBox: 0, wrongClocks }
  for (const terminal of terminals) {
    const done = terminal.faultsDone()
    for (const name of Object.keys(done) as (keyof typeof done)[]) sum[name] += done[name]
  }
  return sum
}

/** @returns whether every press that was made is at the central once, at its time, and tallied so */
export function isProven({ isComplete, accounts }: SimulationReport): boolean {
  return isComplete && accounts.every((account) => findAccountFaults(account).length === 0)
}

const columns = ['terminal', 'pressed', 'stored', 'missing', 'doubled', 'repeated', 'loose', 'off by'] as const

function formatRow(account: Account): string[] {
  const { terminal, pressed, stored, missing, doubled, repeated, loose, maxErrorMs } = account
  const offBy = maxErrorMs === null ? '-' : `${maxErrorMs} ms`
  return [terminal, ...[pressed, stored, missing, doubled, repeated, loose].map(String), offBy]
}

function formatTable(rows: readonly string[][]): string {
  const widths = columns.map((_, i) => Math.max(...rows.map((row) => (row[i] ?? '').length)))
  const pad = (cell: string, i: number) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))
  return rows
    .map((row) => `${row.slice(0, columns.length).map(pad).join('  ')}  ${row[columns.length] ?? ''}`.trimEnd())
    .join('\n')
}

/** Sums, and the largest distance from the truth. */
function sumAccounts(accounts: readonly Account[]) {
  const sum = (pick: (account: Account) => number) => accounts.reduce((total, account) => total + pick(account), 0)
  return {
    pressed: sum(({ pressed }) => pressed),
    stored: sum(({ stored }) => stored),
    missing: sum(({ missing }) => missing),
    doubled: sum(({ doubled }) => doubled),
    repeated: sum(({ repeated }) => repeated),
    loose: sum(({ loose }) => loose),
    maxErrorMs: accounts.reduce((most, { maxErrorMs }) => Math.max(most, maxErrorMs ?? 0), 0),
  }
}

/** The table that people read: of large fleets, only the terminals at which something is wrong, and the sum. */
export function formatReport(report: SimulationReport): string {
  const { accounts, faults, tookMs, isComplete } = report
  const shown = accounts.length <= shownAtMost ? accounts : accounts.filter((one) => findAccountFaults(one).length > 0)
  const total = sumAccounts(accounts)
  const totalRow = [
    `${accounts.length} terminals`,
    ...[total.pressed, total.stored, total.missing, total.doubled].map(String),
  ]
  const table = formatTable([
    [...columns],
    ...shown.map((account) => [...formatRow(account), findAccountFaults(account).join(', ')]),
    [...totalRow, String(total.repeated), String(total.loose), `${total.maxErrorMs} ms`],
  ])
  const perSecond = Math.round((total.pressed * 1_000) / Math.max(1, tookMs))
  const happened = Object.entries(faults).map(([name, count]) => `${name} ${count}`)
  return [
    table,
    '',
    `faults that happened: ${happened.join(', ')}`,
    `${(tookMs / 1_000).toFixed(1)} s, ${perSecond} presses/s acknowledged; this process: ${report.maxRssMb} MB at most, ${report.cpuSeconds} s of CPU`,
    ...(isComplete ? [] : ['not everything that was planned was pressed and acknowledged']),
    isProven(report)
      ? `pressed ${total.pressed}, stored ${total.stored}, missing 0, repeated in tallies 0`
      : 'NOT PROVEN: see above',
    '',
  ].join('\n')
}
