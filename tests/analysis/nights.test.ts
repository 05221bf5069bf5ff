import { describe, expect, test } from 'vitest'
import { seemsOver } from '../../src/analysis/check-fix.ts'
import { type FoundDip, findDips, type TouchpointCells } from '../../src/analysis/find-dips.ts'
import {
  type DipMemory,
  type NightFinding,
  type RememberedDip,
  rememberDips,
} from '../../src/analysis/remember-dips.ts'
import { generateCells, generateFleet, makeRandom, type PlantedDip } from '../support/press-generator.ts'

const DAYS = 100
const PERIOD = 56
const SLUMP: PlantedDip = { weekdays: [1, 2, 3, 4, 5], startSlot: 10, endSlot: 11, fromDay: 45, depth: 18 }

function cut(cells: TouchpointCells, from: number, to: number): TouchpointCells {
  const counts = cells.counts.map((ofValue) => ofValue.slice(from * 24, to * 24))
  return { ...cells, days: to - from, weekdays: cells.weekdays.slice(from, to), counts }
}

function slumpUntil(endDay: number, depth = SLUMP.depth): TouchpointCells {
  const history = { id: 'shop', days: DAYS, firstWeekday: 1, openSlot: 8, closeSlot: 20, pressesPerDay: 250 }
  const rest = { index: 80, eveningLow: 5, trend: 0 }
  const during = generateCells(makeRandom(5), { ...history, ...rest, dip: { ...SLUMP, depth } })
  const after = generateCells(makeRandom(5), { ...history, ...rest })
  const counts = during.counts.map((ofValue, value) => {
    const spliced = ofValue.slice()
    spliced.set((after.counts[value] ?? []).slice(endDay * 24), endDay * 24)
    return spliced
  })
  return { ...during, counts }
}

/** Days of a night's scan begin at `from`; in the memory they are days of the whole history. */
function findingOf(dip: FoundDip, from: number): NightFinding<FoundDip> {
  const { id, startSlot, endSlot, weekdays, q, trend } = dip
  const at = (day: number | null): number | null => (day === null ? null : day + from)
  const onset = {
    day: at(dip.onsetDay),
    low: dip.onsetLowDay + from,
    high: dip.onsetHighDay + from,
    isOpen: dip.onsetOpen,
  }
  const shape = { startSlot, endSlot, weekdays }
  return { touchpoint: id, question: 'q', ...shape, onset, endedDay: at(dip.endedDay), q, trend, details: dip }
}

function checkOver(cells: TouchpointCells, dip: RememberedDip<FoundDip>, to: number): number | null {
  const onsetDay = dip.onset.shown.day
  const known = { ...dip.shape.shown, onsetDay, depth: dip.details.depth }
  return seemsOver(cut(cells, 0, to), known, dip.endedDay)
}

/** Nights from day 60 on, as a service would run them. */
function runNights(
  shop: TouchpointCells,
): { found: NightFinding<FoundDip>[]; dips: readonly RememberedDip<FoundDip>[] }[] {
  const fleet = [shop, ...generateFleet(4, 4, DAYS)]
  let memory: DipMemory<FoundDip> = { night: null, dips: [] }
  return Array.from({ length: DAYS - 60 }, (_, i) => {
    const to = 61 + i
    const from = Math.max(0, to - PERIOD)
    const scan = findDips(
      fleet.map((cells) => cut(cells, from, to)),
      { fdr: 0.05 },
    )
    const findings = scan.found.map((dip) => findingOf(dip, from))
    const over = memory.dips.flatMap((dip): [string, number][] => {
      const since = dip.touchpoint === 'shop' ? checkOver(shop, dip, to) : null
      return since === null ? [] : [[dip.id, since]]
    })
    const checks = { fixes: new Map(), overSince: new Map(over), backSince: new Map() }
    const tonight = { night: to - 1, findings, isJudged: () => true, ...checks }
    memory = rememberDips(memory, tonight, ({ touchpoint, startSlot }, night) => `${touchpoint}.${night}.${startSlot}`)
    return {
      found: findings.filter(({ touchpoint }) => touchpoint === 'shop'),
      dips: memory.dips.filter(({ touchpoint }) => touchpoint === 'shop'),
    }
  })
}

const changes = (each: readonly string[]): number => each.filter((one, i) => i > 0 && one !== each[i - 1]).length

describe('forty nights of a service', () => {
  const lasting = runNights(slumpUntil(DAYS))
  const ended = runNights(slumpUntil(80))
  const weak = runNights(slumpUntil(DAYS, 12))

  test('a lasting slump is one dip, confirmed and never over, with its hours right', () => {
    expect(new Set(lasting.flatMap(({ dips }) => dips.map(({ id }) => id))).size).toBe(1)
    const states = lasting.flatMap(({ dips }) => dips.map(({ state }) => state))
    expect(states.lastIndexOf('suspected')).toBeLessThan(states.indexOf('confirmed'))
    expect(states).not.toContain('over')
    expect(lasting.at(-1)?.dips[0]?.shape.shown).toMatchObject({ startSlot: 10, endSlot: 11 })
  })

  test('what is shown of a weak one changes far less often than what is found', () => {
    const shown = weak.map(({ dips }) => JSON.stringify([dips[0]?.shape.shown, dips[0]?.onset.shown]))
    const raw = weak.map(({ found }) => {
      const { startSlot, endSlot, weekdays, onset } = found[0] ?? {}
      return JSON.stringify([startSlot, endSlot, weekdays, onset])
    })
    expect(changes(raw)).toBeGreaterThanOrEqual(5)
    expect(changes(shown)).toBeLessThanOrEqual(changes(raw) / 2)
  })

  test('a slump that ended is over within three weeks, since about its end', () => {
    const over = ended.findIndex(({ dips }) => dips[0]?.state === 'over')
    expect(over).toBeGreaterThanOrEqual(80 - 60)
    expect(over).toBeLessThanOrEqual(80 - 60 + 21)
    expect(Math.abs((ended[over]?.dips[0]?.endDay ?? 0) - 80)).toBeLessThanOrEqual(7)
  })
})
