/**
 * A simulation from its plan to its verdict: many terminals in this process against one central, each with the product's own outbox and
 * uplink. What was pressed is known here; what the central holds is read when everything has been acknowledged.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AppError } from '../../shared/errors.ts'
import { makeLogger } from '../../shared/logger.ts'
import { checkDatabase } from './check-database.ts'
import { makeHttpOracle } from './check-over-http.ts'
import { type CentralAtHand, findCentral } from './find-central.ts'
import { type PlanWishes, planTerminal, type TerminalPlan } from './plan-terminal.ts'
import { makePace, type Pace, playTerminal } from './play-terminal.ts'
import type { SimulateOptions } from './simulate-options.ts'
import { openSimulatedTerminal, type SimulatedTerminal } from './simulated-terminal.ts'
import { countFaults, makeUsage, type SimulationReport } from './simulation-report.ts'

export type Progress = {
  start(presses: number): void
  press(): void
  say(text: string): void
  stop(): void
}

/** What is on its way when somebody ends the simulation gets so long to arrive. */
const lastDeliveryMs = 15_000

const dateBefore = (days: number, nowMs: number) => new Date(nowMs - days * 86_400_000).toISOString().slice(0, 10)

function planFleet(options: SimulateOptions, nowMs: number): TerminalPlan[] {
  const from = options.from ?? dateBefore(options.days + 1, nowMs)
  if (Date.parse(from) + (options.days + 1) * 86_400_000 > nowMs)
    throw new AppError('bad-request', `${options.days} days from ${from} are not over yet; let them begin earlier`)
  const wishes: PlanWishes = { ...options, from }
  return Array.from({ length: options.count }, (_, i) => planTerminal(wishes, i))
}

type Run = {
  options: SimulateOptions
  central: CentralAtHand
  terminals: readonly SimulatedTerminal[]
  progress: Progress
  signal: AbortSignal
}

/** One that fails ends them all, and none is left running when it is said. */
async function playAll({ terminals, progress, signal }: Run, pace: Pace): Promise<void> {
  const failed = new AbortController()
  const until = AbortSignal.any([signal, failed.signal])
  const played = await Promise.allSettled(
    terminals.map(async (terminal) => {
      try {
        await playTerminal(terminal, pace, progress.press, until)
      } catch (error) {
        failed.abort()
        throw error
      }
    }),
  )
  for (const one of played) if (one.status === 'rejected') throw one.reason
}

async function play(run: Run): Promise<{ isComplete: boolean; tookMs: number }> {
  const { options, terminals, progress, signal } = run
  const startedAtMs = performance.now()
  const fromMs = Math.min(...terminals.map(({ plan }) => plan.fromMs))
  const pace = makePace(options.speed, fromMs, () => performance.now(), signal)
  await playAll(run, pace)
  progress.say('delivering the rest')
  const last = signal.aborted ? AbortSignal.timeout(lastDeliveryMs) : AbortSignal.any([signal])
  const drained = await Promise.all(terminals.map((terminal) => terminal.drain(last)))
  return { isComplete: drained.every(Boolean) && !signal.aborted, tookMs: performance.now() - startedAtMs }
}

async function playAndCheck(run: Run): Promise<SimulationReport> {
  const { options, central, terminals, progress } = run
  const { database, httpUrl } = central
  const oracle = database === null && httpUrl !== null ? makeHttpOracle(httpUrl) : null
  await oracle?.prepare(terminals)
  const usage = makeUsage()
  progress.start(terminals.reduce((sum, { plan }) => sum + plan.presses.length, 0))
  const { isComplete, tookMs } = await play(run)
  const used = usage()
  progress.say('comparing')
  const accounts = oracle
    ? await oracle.check(terminals)
    : await checkDatabase(database ?? '', terminals, options.accounts === undefined)
  return {
    seed: options.seed,
    isComplete,
    tookMs: Math.round(tookMs),
    ...used,
    faults: countFaults(terminals),
    accounts,
  }
}

/**
 * @param signal aborts the pressing; what was pressed until then is delivered and compared
 * @throws AppError, ConfigError where there is no central to run against; nothing is left running or lying about then
 */
export async function runSimulation(
  options: SimulateOptions,
  progress: Progress,
  signal: AbortSignal,
): Promise<SimulationReport> {
  const plans = planFleet(options, Date.now())
  const gone = new AbortController()
  const central = await findCentral(options, plans, () => gone.abort())
  const folder = mkdtempSync(join(tmpdir(), 'smilepost-terminals-'))
  const logger = makeLogger('error')
  const terminals = central.accounts.map((account, i) =>
    openSimulatedTerminal({
      ...{
        account,
        plan: plans[i] as TerminalPlan,
        brokerUrls: central.brokerUrls,
        question: options.question,
        logger,
      },
      folder: join(folder, String(i + 1)),
    }),
  )
  const bounded = AbortSignal.any([signal, gone.signal, AbortSignal.timeout(options.minutes * 60_000)])
  try {
    return await playAndCheck({ options, central, terminals, progress, signal: bounded })
  } finally {
    progress.stop()
    await Promise.all(terminals.map((terminal) => terminal.close()))
    rmSync(folder, { recursive: true, force: true })
    await central.close()
  }
}
