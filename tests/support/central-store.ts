// A real central store in a temporary folder with one store of one touchpoint, for tests of the rooms behind ingest.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Placement, Touchpoint } from '../../src/central/store/catalogue.ts'
import type { Store, StoredPress } from '../../src/central/store/port.ts'
import { openSqliteStore } from '../../src/central/store/sqlite/open-sqlite-store.ts'
import type { PressRecord } from '../../src/contracts/records.ts'
import { localHourOf } from '../../src/shared/local-time.ts'
import { silentLogger } from './silent-logger.ts'

export type TempStore = { store: Store; folder: string; remove(): Promise<void> }

export async function openTempStore(): Promise<TempStore> {
  const folder = mkdtempSync(join(tmpdir(), 'smilepost-central-'))
  const store = await openSqliteStore({ path: join(folder, 'central.sqlite'), logger: silentLogger })
  return {
    store,
    folder,
    async remove() {
      await store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export const question = 'satisfied'

/** Puts chain, store, question and touchpoints; a terminal of the same name stands at each touchpoint. */
export async function putTouchpoints(store: Store, touchpoints: readonly (Partial<Touchpoint> & { id: string })[]) {
  await store.transact(async (writer) => {
    await writer.putPlace({ id: 'chain', parent: null, name: 'Corner Shops', kind: 'chain' })
    await writer.putPlace({ id: 'store', parent: 'chain', name: 'Harbour Street', kind: 'store' })
    await writer.putSurvey({ question, revision: 1, scaleMax: 3, texts: [{ language: 'en', text: 'How was it?' }] })
    for (const touchpoint of touchpoints) {
      const { id } = touchpoint
      await writer.putTouchpoint({
        place: 'store',
        name: `Exit ${id}`,
        zone: 'Europe/Helsinki',
        question,
        openingHours: [],
        exceptions: [],
        lights: null,
        ...touchpoint,
      })
      await writer.putTerminal({ id, secretHash: 'x', createdAtMs: 0, name: id })
      const placement: Placement = { terminal: id, touchpoint: id, fromMs: 0, toMs: null }
      await writer.putPlacement(placement)
    }
  })
}

const epoch = '00000000000000aa'
const boot = 'b0000000-0000-0000-0000-000000000001'

/** A box press at a UTC instant, placed as ingest places it. */
export function makePress(
  {
    terminal = 't1',
    sequence,
    utcMs,
    value = 3,
  }: { terminal?: string; sequence: number; utcMs: number; value?: number },
  zone = 'Europe/Helsinki',
): StoredPress {
  const { localDate, hour, offsetMinutes } = localHourOf(utcMs, zone)
  const record: PressRecord = {
    kind: 'press',
    sequence,
    boot,
    monoMs: utcMs - Date.UTC(2025, 0, 1),
    wallMs: utcMs,
    question,
    surveyRevision: 1,
    value,
    spreadMs: 0,
    flags: 0,
    source: 'box',
    box: '0badcafe',
    boxSeq: sequence,
  }
  return {
    terminal,
    epoch,
    record,
    receivedAtMs: utcMs,
    utcMs,
    errorMs: 100,
    cell: { touchpoint: terminal, localDate, hour, offsetMinutes, class: 'raw' },
    label: null,
    rule: null,
    isRepeat: false,
    isUnplaced: false,
  }
}

/** Stores presses as ingest does: rows, raw tallies, dirty hours. */
export async function storePresses(store: Store, presses: readonly StoredPress[]): Promise<void> {
  await store.transact(async (writer) => {
    await writer.insertPresses(presses)
    await writer.changeTallies(
      presses.flatMap(({ cell, record }) =>
        cell ? [{ ...cell, question: record.question, value: record.value, delta: 1 }] : [],
      ),
    )
    await writer.markDirty(
      presses.flatMap(({ terminal, utcMs }) =>
        utcMs === null ? [] : [{ terminal, utcHour: Math.floor(utcMs / 3_600_000) }],
      ),
    )
  })
}
