/** Brings ten weeks of every shop in through the broker, the way terminals deliver a backlog. */
import { createHash } from 'node:crypto'
import { SingleBar } from 'cli-progress'
import { demoQuestion, demoShops, demoWeeks, slump, slumpShop } from './demo-chain.ts'
import { makeHistoryRecords } from './history-records.ts'
import { listOpenDays } from './open-days.ts'
import { drawPressHistory } from './press-history.ts'
import { type HistorySource, sendHistory } from './send-history.ts'

const hourMs = 3_600_000

export type HistoryTerminal = { terminal: string; secret: string; touchpoint: string }

/** A name of `digits` hex digits that is the same for the same seed. */
const nameFrom = (text: string, digits: number) => createHash('sha256').update(text).digest('hex').slice(0, digits)

function makeSource({ terminal, secret, touchpoint }: HistoryTerminal, seed: number, untilMs: number): HistorySource {
  const index = demoShops.findIndex((shop) => shop.touchpoint === touchpoint)
  const shop = demoShops[index]
  if (!shop) throw new Error(`no demo shop has the touchpoint ${touchpoint}`)
  const days = listOpenDays(shop.zone, demoWeeks * 7, untilMs)
  const habits = {
    seed: seed * 1000 + index,
    pressesPerDay: shop.pressesPerDay,
    mood: shop.mood,
    slump: touchpoint === slumpShop ? slump : null,
  }
  const presses = drawPressHistory(habits, days).filter(({ utcMs }) => utcMs < untilMs)
  const openHours = days
    .flatMap(({ hours }) => hours.map(({ startMs }) => startMs))
    .filter((startMs) => startMs + hourMs <= untilMs)
  const bootedAtMs = (days[0]?.hours[0]?.startMs ?? untilMs) - hourMs
  const boot = nameFrom(`boot ${seed} ${terminal}`, 32)
  const box = nameFrom(`box ${seed} ${terminal}`, 8)
  const records = makeHistoryRecords(
    { boot, bootedAtMs, box, question: demoQuestion, surveyRevision: 1 },
    presses,
    openHours,
  )
  return { terminal, secret, records, box, boot, bootedAtMs }
}

/**
 * Sends all histories side by side, one batch in flight for each.
 *
 * @returns the number of presses that were acknowledged as committed
 */
export async function sendDemoHistory(
  brokerUrl: string,
  terminals: readonly HistoryTerminal[],
  seed: number,
  untilMs: number,
  signal: AbortSignal,
): Promise<number> {
  const sources = terminals.map((terminal) => makeSource(terminal, seed, untilMs))
  const total = sources.reduce((sum, { records }) => sum + records.length, 0)
  const bar = new SingleBar({
    format: 'history  [{bar}] {percentage} %  {value} of {total} records',
    stream: process.stderr,
    barCompleteChar: '#',
    barIncompleteChar: '-',
    noTTYOutput: true,
    notTTYSchedule: 5_000,
    hideCursor: true,
  })
  bar.start(total, 0)
  try {
    await Promise.all(
      sources.map((source) => sendHistory(brokerUrl, source, (records) => bar.increment(records), signal)),
    )
  } finally {
    bar.stop()
  }
  return sources.reduce((sum, { records }) => sum + records.filter(({ kind }) => kind === 'press').length, 0)
}
