/** The oracle where only the central's HTTP is at hand: ledgers, and the presses of each touchpoint before and after. */
import type { Ledger, TerminalList } from '../../contracts/http/terminals.ts'
import type { HourProfile } from '../../contracts/http/touchpoints.ts'
import { AppError } from '../../shared/errors.ts'
import type { Account } from './account-of-terminal.ts'
import type { SimulatedTerminal } from './simulated-terminal.ts'

type Before = { ledger: Ledger; counts: number[] | null }

async function readJson<T>(url: string): Promise<T> {
  const response = await fetch(url, { signal: AbortSignal.timeout(30_000) }).catch((cause: Error) => {
    throw new AppError('central-gone', `${url}: ${cause.message}`, { cause })
  })
  if (!response.ok) throw new AppError('central-gone', `${url}: ${response.status}`)
  return (await response.json()) as T
}

const dateOf = (utcMs: number, days: number) => new Date(utcMs + days * 86_400_000).toISOString().slice(0, 10)
const countMissing = (ledger: Ledger | undefined) =>
  ledger?.missingCount ?? ledger?.missing.reduce((sum, { from, to }) => sum + to - from + 1, 0) ?? 0

/** A day more at each end: a business day is no calendar day. */
async function readPresses(httpUrl: string, terminal: SimulatedTerminal): Promise<number[] | null> {
  const { fromMs, untilMs } = terminal.plan
  const { terminals } = await readJson<TerminalList>(`${httpUrl}/api/v1/terminals`)
  const touchpoint = terminals.find(({ id }) => id === terminal.account.terminal)?.touchpoint
  if (!touchpoint) return null
  const period = `from=${dateOf(fromMs, -2)}&to=${dateOf(untilMs, 2)}&class=raw`
  const profile = await readJson<HourProfile>(`${httpUrl}/api/v1/touchpoints/${touchpoint}/hours?${period}`)
  return profile.total.counts
}

export type HttpOracle = {
  /** What is there before the first press. */
  prepare(terminals: readonly SimulatedTerminal[]): Promise<void>
  check(terminals: readonly SimulatedTerminal[]): Promise<Account[]>
}

/** @param httpUrl of the central, without a slash at its end */
export function makeHttpOracle(httpUrl: string): HttpOracle {
  const before = new Map<SimulatedTerminal, Before>()
  const readLedger = (terminal: SimulatedTerminal) =>
    readJson<Ledger>(`${httpUrl}/api/v1/terminals/${terminal.account.terminal}/ledger`)

  async function checkOne(terminal: SimulatedTerminal): Promise<Account> {
    const first = before.get(terminal)
    const [ledger, counts] = [await readLedger(terminal), await readPresses(httpUrl, terminal)]
    const pressed = terminal.issued().length
    const stored = ledger.stored - (first?.ledger.stored ?? 0)
    const expected = counts?.map(
      (_, i) => terminal.issued().filter(({ value }) => value === counts.length - 1 - i).length,
    )
    const wrongTally = (expected ?? []).reduce(
      (sum, count, i) => sum + Math.abs((counts?.[i] ?? 0) - (first?.counts?.[i] ?? 0) - count),
      0,
    )
    return {
      ...{ terminal: terminal.account.terminal, pressed, stored, missing: Math.max(0, pressed - stored) },
      ...{ doubled: Math.max(0, stored - pressed), foreign: 0, wrongValue: 0, wrongTime: 0, wrongHour: 0, wrongTally },
      ...{ repeated: ledger.repeated - (first?.ledger.repeated ?? 0), loose: 0, maxErrorMs: null },
      ledger: {
        ...{ pressed: ledger.pressed - (first?.ledger.pressed ?? 0), stored, pending: ledger.pending },
        missing: countMissing(ledger) - countMissing(first?.ledger),
        quarantined: ledger.quarantined - (first?.ledger.quarantined ?? 0),
      },
    }
  }

  return {
    async prepare(terminals) {
      for (const terminal of terminals)
        before.set(terminal, { ledger: await readLedger(terminal), counts: await readPresses(httpUrl, terminal) })
    },
    async check(terminals) {
      const accounts: Account[] = []
      for (const terminal of terminals) accounts.push(await checkOne(terminal))
      return accounts
    },
  }
}
