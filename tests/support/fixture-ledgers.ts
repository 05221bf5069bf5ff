/** Terminals and ledgers for the pages: one whole, one with all that can be wrong, one that never spoke, one silent for days. */
import type { Ledger, TerminalItem } from '../../src/contracts/http/terminals.ts'

export const fixtureTerminals = {
  whole: 'kamppi-exit',
  broken: 'tapiola-exit',
  silent: 'kallio-new',
  away: 'hakaniemi-exit',
}

const ago = (nowMs: number, minutes: number) => new Date(nowMs - minutes * 60_000).toISOString()

const common = { box: null, versions: { terminal: '0.1.0' }, clonedAt: null }

/** Not in the order of the page. */
export function listFixtureTerminals(nowMs: number): TerminalItem[] {
  const whole = { pressed: 4_812, stored: 4_812, pending: 0, missing: 0, quarantined: 0, countedTwice: 0 }
  const place = { path: ['Acme', 'Kamppi'], touchpointName: 'Exit, ground floor', touchpoint: 'kamppi-1' }
  return [
    {
      ...{ ...common, ...place, id: fixtureTerminals.whole, name: 'Kamppi, exit', online: true, unacknowledged: 0 },
      ...{ lastSeenAt: ago(nowMs, 0), lastPressAt: ago(nowMs, 2), custody: whole },
    },
    {
      ...{ ...common, ...place, id: fixtureTerminals.away, name: 'Hakaniemi, exit', online: false, unacknowledged: 12 },
      ...{ lastSeenAt: ago(nowMs, 4_400), lastPressAt: ago(nowMs, 4_410) },
      custody: { ...whole, pressed: 931, stored: 919, pending: 12 },
      tzData: 'old',
      storage: {
        ...{ refusing: true, ballast: 'released', schemaCopies: 0 },
        quarantined: [{ at: ago(nowMs, 9_000), salvaged: 118, missing: 2 }],
      },
    },
    {
      ...{ ...common, id: fixtureTerminals.silent, name: 'Kallio, new', online: false, unacknowledged: null },
      ...{ touchpoint: null, touchpointName: null, path: [], lastSeenAt: null, lastPressAt: null, custody: null },
    },
    {
      ...{ ...common, ...place, id: fixtureTerminals.broken, name: 'Tapiola, exit', online: true, unacknowledged: 40 },
      ...{ lastSeenAt: ago(nowMs, 3), lastPressAt: ago(nowMs, 3), clonedAt: ago(nowMs, 90) },
      custody: { ...whole, pressed: 21_007, stored: 20_950, pending: 43, missing: 13, quarantined: 2 },
    },
  ]
}

const stores = ['Kamppi', 'Tapiola', 'Hakaniemi, metro level, north entrance', 'Jätkäsaari', 'Itäkeskus']
const spots = ['Exit, ground floor', 'Customer toilets', 'Self-service tills by the car park', 'Deli counter']

/** Those, and a chain around them: most are well, every ninth is off, some have never been looked at. */
export function listFixtureChain(nowMs: number): TerminalItem[] {
  const chain = Array.from({ length: 96 }, (_, i): TerminalItem => {
    const [store, spot] = [stores[i % stores.length] as string, spots[(i * 7) % spots.length] as string]
    const pressed = 137 * ((i * 31) % 97)
    const pending = i % 9 === 4 ? i : 0
    const custody = { pressed, stored: pressed - pending, pending, missing: 0, quarantined: 0, countedTwice: 0 }
    return {
      ...{ ...common, id: `t-${String(i).padStart(3, '0')}`, name: `${store} ${i + 1}`, online: i % 9 !== 4 },
      ...{ touchpoint: `tp-${i}`, touchpointName: spot, path: ['Acme', i % 2 ? 'North' : 'South', store] },
      ...{ lastSeenAt: ago(nowMs, i % 9 === 4 ? 37 * i : 1), lastPressAt: ago(nowMs, i * i), unacknowledged: pending },
      custody: i % 40 === 7 ? null : custody,
    }
  })
  return [...listFixtureTerminals(nowMs), ...chain]
}

const none: Ledger = {
  ...{ pressed: 0, stored: 0, pending: 0, missing: [], repeated: 0, quarantined: 0, aside: 0, countedTwice: 0 },
  ...{ refused: 0, asOf: null, untimed: 0, uncertain: 0, rejected: 0, unplaced: 0, clonedAt: null },
  ...{ waiting: [], lost: [], conflicts: [] },
}
const press = {
  ...{ kind: 'press', sequence: 41, boot: 'b007000a', monoMs: 913_220, wallMs: 1_795_000_000_000 },
  ...{ question: 'service', surveyRevision: 3, value: 3, source: 'box', box: '0000beef', boxSeq: 20_111 },
}

export function makeFixtureLedger(id: string, nowMs: number): Ledger | null {
  const { whole, broken, silent, away } = fixtureTerminals
  if (id === silent) return none
  if (id === whole) return { ...none, pressed: 4_812, stored: 4_812, repeated: 7, asOf: ago(nowMs, 3) }
  if (id === away) {
    const waiting = [{ box: '0000cafe', from: 920, to: 931, at: 'outbox' as const }]
    return { ...none, pressed: 931, stored: 919, pending: 12, asOf: ago(nowMs, 4_400), waiting }
  }
  if (id !== broken) return null
  const epoch = '9f3c11aa02d4e5b7'
  return {
    ...{ ...none, pressed: 21_007, stored: 20_950, pending: 43, repeated: 1_204, quarantined: 2, aside: 1, refused: 6 },
    ...{ asOf: ago(nowMs, 3), clonedAt: ago(nowMs, 90), unplaced: 37, untimed: 4, uncertain: 11, rejected: 1 },
    missing: [
      { box: '0000beef', from: 17_201, to: 17_210, cause: 'trimmed', since: ago(nowMs, 5_000) },
      { box: '0000beef', from: 20_507, to: 20_507, cause: 'unknown', since: ago(nowMs, 45) },
      { from: 118, to: 119, cause: 'touch' },
    ],
    waiting: [
      { box: '0000beef', from: 20_951, to: 20_990, at: 'outbox' },
      { box: '0000beef', from: 20_991, to: 20_993, at: 'box' },
    ],
    lost: [{ epoch, from: 311, to: 322, cause: 'trimmed', at: ago(nowMs, 5_000) }],
    conflicts: [
      { epoch, sequence: 41, stored: press, arrived: { ...press, value: 0, boxSeq: 20_112 }, at: ago(nowMs, 60) },
      { epoch, sequence: 44, stored: { kind: 'tick' }, arrived: { ...press, sequence: 44 }, at: ago(nowMs, 61) },
    ],
  }
}
