import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { applyLayout } from '../../../src/central/fleet/apply-layout.ts'
import { createTerminal } from '../../../src/central/fleet/create-terminal.ts'
import { LayoutFile } from '../../../src/central/fleet/layout.ts'
import { listTerminals, readTerminal } from '../../../src/central/fleet/list-terminals.ts'
import { makeDesired } from '../../../src/central/fleet/make-desired.ts'
import { verifySecret } from '../../../src/central/fleet/terminal-secret.ts'
import type { Store } from '../../../src/central/store/port.ts'
import { openSqliteStore } from '../../../src/central/store/sqlite/open-sqlite-store.ts'
import type { Storage } from '../../../src/contracts/messages.ts'
import { ConfigError, parseConfig } from '../../../src/shared/config-file.ts'
import { makeLogger } from '../../../src/shared/logger.ts'
import { loadCatalogueLayout, nowMs, saidHealth, saidHello } from './fleet-samples.ts'

describe('fleet', () => {
  let store: Store
  let folder = ''
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'smilepost-fleet-'))
    store = await openSqliteStore({ path: join(folder, 'central.db'), logger: makeLogger('silent') })
  })
  afterEach(async () => {
    await store.close()
    rmSync(folder, { recursive: true })
  })
  const layout = () => parseConfig(LayoutFile, loadCatalogueLayout(), 'test')
  const create = (id: string, touchpoint?: string) =>
    createTerminal(store, { id, name: `Terminal ${id}`, fromMs: 1_000, randomBytes, ...(touchpoint && { touchpoint }) })

  describe('layout', () => {
    it('is applied whole, children named before parents, and applying it again changes nothing', async () => {
      await applyLayout(store, layout())
      const catalogue = await store.read.catalogue()
      expect(catalogue.places.map((place) => [place.id, place.parent])).toEqual([
        ['acme', null],
        ['harbour', 'north'],
        ['north', 'acme'],
      ])
      expect(catalogue.touchpoints.get('exit')).toEqual({
        id: 'exit',
        place: 'harbour',
        name: 'Exit',
        zone: 'Europe/Prague',
        question: 'service',
        openingHours: [{ validFrom: '2026-01-01', intervals: [{ weekday: 5, openMinute: 510, closeMinute: 1440 }] }],
        exceptions: [{ date: '2026-12-24', intervals: [{ openMinute: 480, closeMinute: 720 }] }],
        lights: { brightness: 'normal', quiet: [{ weekdays: [1, 7], from: '22:00', to: '07:00' }] },
      })
      expect(catalogue.touchpoints.get('toilet')).toMatchObject({ openingHours: [], lights: null })
      await applyLayout(store, layout())
      expect(await store.read.catalogue()).toBe(catalogue)
      const renamed = layout()
      for (const place of renamed.places) place.name = 'Renamed'
      await applyLayout(store, renamed)
      expect((await store.read.places()).map((place) => place.name)).toEqual(['Renamed', 'Renamed', 'Renamed'])
    })

    it('places terminals that exist', async () => {
      await applyLayout(store, layout())
      await create('till-1')
      const placements = [{ terminal: 'till-1', touchpoint: 'exit', from: '2026-01-01T00:00:00+01:00' }]
      await applyLayout(store, { ...layout(), placements })
      expect(await store.read.placements()).toEqual([
        { terminal: 'till-1', touchpoint: 'exit', fromMs: Date.parse('2025-12-31T23:00:00Z'), toMs: null },
      ])
    })

    it('stands in the audit log with who moved what, and not where it changes nothing', async () => {
      const origin = { by: 'command line', from: 'local', atMs: 7 }
      await applyLayout(store, layout())
      await createTerminal(store, { id: 'till-1', name: 'Till', fromMs: 7, randomBytes, touchpoint: 'exit' }, origin)
      const moved = layout()
      moved.places = moved.places.map((place) => (place.id === 'harbour' ? { ...place, parent: 'acme' } : place))
      for (let i = 0; i < 2; i += 1) await applyLayout(store, moved, origin)
      expect(await store.read.accounts.audit({ before: null, limit: 9 })).toEqual([
        { ...origin, no: 2, what: 'layout-applied', on: 'layout', detail: '{"places":{"harbour":"acme"}}' },
        { ...origin, no: 1, what: 'terminal-created', on: 'terminal till-1', detail: '{"touchpoint":"exit"}' },
      ])
    })

    it('says what of it corrects where presses were counted', async () => {
      expect(await applyLayout(store, layout())).toEqual({ zones: [], placements: [] })
      await create('till-1', 'exit')
      const corrected = layout()
      for (const touchpoint of corrected.touchpoints) if (touchpoint.id === 'toilet') touchpoint.zone = 'Asia/Kathmandu'
      const placements = [{ terminal: 'till-1', touchpoint: 'toilet', from: '1970-01-01T00:00:01Z' }]
      expect(await applyLayout(store, { ...corrected, placements })).toEqual({
        zones: ['toilet'],
        placements: ['till-1'],
      })
      expect(await applyLayout(store, { ...corrected, placements })).toEqual({ zones: [], placements: [] })
    })

    it('with faults is refused whole, and every fault is named', async () => {
      const faulty = layout()
      faulty.places.push(
        { id: 'a', name: 'A', kind: 'region', parent: 'b' },
        { id: 'b', name: 'B', kind: 'region', parent: 'a' },
        { id: 'c', name: 'C', kind: 'store', parent: 'nowhere' },
        { id: 'c', name: 'C', kind: 'store' },
      )
      faulty.touchpoints.push({
        id: 'bad',
        place: 'gone',
        name: 'Bad',
        zone: 'Europe/Atlantis',
        question: 'unasked',
        hours: [{ validFrom: '2026-02-30', intervals: [] }],
        exceptions: [],
      })
      faulty.placements = [{ terminal: 'till-9', touchpoint: 'nowhere', from: '2026-01-01' }]
      const error = await applyLayout(store, faulty).catch((caught: unknown) => caught)
      expect(error).toBeInstanceOf(ConfigError)
      expect((error as ConfigError).faults).toEqual([
        'places: c is there twice',
        'places.c: parent nowhere is nowhere',
        'places.a: its parents form a ring',
        'places.b: its parents form a ring',
        'touchpoints.bad: place gone is nowhere',
        'touchpoints.bad: Europe/Atlantis is no time zone; an IANA name such as Europe/Prague is expected',
        'touchpoints.bad: question unasked is in no survey',
        'touchpoints.bad: 2026-02-30 is no date',
        'placements.till-9: no such terminal; create it first',
        'placements.till-9: touchpoint nowhere is nowhere',
        'placements.till-9: 2026-01-01 is no instant; 2026-01-31T08:00:00Z is one',
      ])
      expect(await store.read.places()).toEqual([])
    })

    it('can not change the scale of a revision that may have been shown', async () => {
      await applyLayout(store, layout())
      const rescaled = layout()
      for (const survey of rescaled.surveys) survey.scaleMax = 4
      await expect(applyLayout(store, rescaled)).rejects.toThrow('give it a new revision')
    })
  })

  describe('terminals', () => {
    it('get a secret of 128 random bits, of which the store knows the hash alone', async () => {
      await applyLayout(store, layout())
      const { secret } = await create('till-1', 'exit')
      expect(secret).toMatch(/^[0-9a-f]{32}$/)
      expect(JSON.stringify(await store.read.terminals())).not.toContain(secret)
      expect(await verifySecret(store.read, 'till-1', secret)).toBe(true)
      expect(await verifySecret(store.read, 'till-1', `${secret.slice(1)}0`)).toBe(false)
      expect(await verifySecret(store.read, 'till-1', '')).toBe(false)
      expect(await verifySecret(store.read, 'nobody', secret)).toBe(false)
      expect((await create('till-2')).secret).not.toBe(secret)
    })

    it.each([
      ['Till 1', undefined, 'bad-name'],
      ['smilepost-central', undefined, 'bad-name'],
      ['till-1', 'nowhere', 'unknown-touchpoint'],
      ['taken', undefined, 'terminal-exists'],
    ])('%s at %s is refused: %s', async (id, touchpoint, code) => {
      await create('taken')
      await expect(create(id, touchpoint)).rejects.toMatchObject({ code })
      expect(await store.read.terminals()).toHaveLength(1)
    })

    it('are listed with where they stand and what they last said', async () => {
      await applyLayout(store, layout())
      await create('till-1', 'exit')
      await create('till-2')
      await store.transact((writer) =>
        writer.updateTerminalState('till-1', {
          online: true,
          lastSeenAtMs: nowMs - 60_000,
          hello: saidHello({ monoMs: 5 }),
          health: saidHealth({ monoMs: 9, box: { id: '0000beef', next: 8, pending: 2, dropped: 1 } }),
        }),
      )
      const [one, two] = await listTerminals(store.read, nowMs)
      expect(one).toMatchObject({
        id: 'till-1',
        name: 'Terminal till-1',
        touchpoint: 'exit',
        online: true,
        unacknowledged: 3,
        box: { id: '0000beef', pending: 2, dropped: 1 },
        versions: { terminal: '0.1.0' },
      })
      expect(two).toMatchObject({ id: 'till-2', touchpoint: null, online: false, lastSeenAt: null, box: null })
      expect(await readTerminal(store.read, 'till-1', nowMs, () => null)).toEqual(one)
      expect(await readTerminal(store.read, 'till-9', nowMs, () => null)).toBeNull()
      const [later] = await listTerminals(store.read, nowMs + 660_000)
      expect(later?.online).toBe(false)
    })

    it('are listed with what they say of their disk, as a program before it had words for that too', async () => {
      for (const id of ['till-1', 'till-2']) await create(id)
      const storage: Storage = {
        ...({ refusing: true, ballast: 'released', schemaCopies: 1 } as const),
        quarantined: [
          { at: nowMs, salvaged: 40, missing: 2 },
          { at: Number.MAX_SAFE_INTEGER, salvaged: null, missing: null },
        ],
      }
      const say = (id: string, health: string) => store.transact((writer) => writer.updateTerminalState(id, { health }))
      await say('till-1', saidHealth({ storage }))
      await say('till-2', saidHealth({}))
      const [one, two] = await listTerminals(store.read, nowMs)
      expect(one?.storage).toEqual({
        ...storage,
        quarantined: [
          { at: new Date(nowMs).toISOString(), salvaged: 40, missing: 2 },
          { at: null, salvaged: null, missing: null },
        ],
      })
      expect(two?.storage).toBeNull()
    })

    it('are listed with a word on time zone data that would show wrong hours', async () => {
      const nowYear = new Date(nowMs).getUTCFullYear()
      const own = process.versions.tz ?? ''
      for (const [i, tz] of [own, `${nowYear - 1}a`, `${nowYear - 2}z`, undefined].entries()) {
        await create(`till-${i}`)
        const versions = { terminal: '0.1.0', ...(tz !== undefined && { tz }) }
        await store.transact((writer) => writer.updateTerminalState(`till-${i}`, { hello: saidHello({ versions }) }))
      }
      const yearOf = (version: string) => Number(version.slice(0, 4))
      expect((await listTerminals(store.read, nowMs)).map(({ tzData }) => tzData)).toEqual([
        nowYear - yearOf(own) >= 2 ? 'old' : 'current',
        own > `${nowYear - 1}a` ? 'behind' : 'current',
        'old',
        null,
      ])
    })

    it('are shown the newest revision of their question, and nothing where they stand nowhere', async () => {
      await applyLayout(store, layout())
      await create('till-1', 'exit')
      await create('till-2')
      const before = await makeDesired(store.read, 'till-1', nowMs)
      expect(before?.survey).toMatchObject({ question: 'service', revision: 1, scaleMax: 3 })
      expect(before?.survey.texts.map((text) => text.language)).toEqual(['en', 'cs'])
      await store.transact((writer) =>
        writer.putSurvey({ question: 'service', revision: 2, scaleMax: 3, texts: [{ language: 'en', text: 'New?' }] }),
      )
      const after = await makeDesired(store.read, 'till-1', nowMs)
      expect(after?.survey.revision).toBe(2)
      expect(after?.lights).toEqual({
        zone: 'Europe/Prague',
        brightness: 'normal',
        quiet: [{ weekdays: [1, 7], from: '22:00', to: '07:00' }],
      })
      expect(after?.rev).toBeGreaterThan(before?.rev ?? 0)
      expect(await makeDesired(store.read, 'till-2', nowMs)).toBeNull()
      expect(await makeDesired(store.read, 'till-1', 0)).toBeNull()
    })
  })
})
