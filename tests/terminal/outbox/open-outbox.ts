import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import type { NewRecord } from '../../../src/contracts/records.ts'
import { type Outbox, openOutbox } from '../../../src/terminal/outbox/outbox.ts'
import { silentLogger } from '../../support/silent-logger.ts'

export const boot = '00000000-0000-4000-8000-000000000001'
export const box = 'b0c0ffee'
export const randomHex = (digits: number): string => randomBytes(digits).toString('hex').slice(0, digits)

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0).reverse()) close()
})

export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'smilepost-'))
  closers.push(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Wall and monotonic clock in one, set by hand. */
export function makeHandClock(startMs = 1_700_000_000_000) {
  const clock = { nowMs: startMs, wallMs: () => clock.nowMs, monoMs: () => clock.nowMs - startMs + 60_000 }
  return clock
}

export function openTestOutbox(
  path = join(makeFolder(), 'outbox.sqlite'),
  clock = makeHandClock(),
  limits: { maxPages?: number } = {},
): Outbox {
  const outbox = openOutbox({ path, clock, randomHex, logger: silentLogger, ...limits })
  closers.push(() => outbox.close())
  return outbox
}

export const tick = (monoMs: number): NewRecord => ({ kind: 'tick', boot, monoMs, wallMs: 1_700_000_000_000 + monoMs })

/** The central's time as an exchange told it: what this clock says now. */
export const exchange = (clock: ReturnType<typeof makeHandClock>) =>
  ({
    ...{ kind: 'anchor', boot, monoMs: clock.monoMs(), wallMs: 0 },
    ...{ utcMs: clock.nowMs, errorMs: 5, clock: 'exchange' },
  }) as const satisfies NewRecord

export const boxPress = (boxSeq: number, value = 3, from = box) =>
  ({
    ...{ kind: 'press', boot, monoMs: boxSeq * 1000, wallMs: 1_700_000_000_000 + boxSeq * 1000 },
    ...{ question: 'service', surveyRevision: 1, value, spreadMs: 12, flags: 0 },
    ...{ source: 'box', box: from, boxSeq },
  }) as const satisfies NewRecord

export const touchPress = (touchId: string, value = 2) =>
  ({
    ...{ kind: 'press', boot, monoMs: 5000, wallMs: 1_700_000_005_000 },
    ...{ question: 'service', surveyRevision: 1, value, spreadMs: 0, flags: 0, source: 'touch', touchId },
  }) as const satisfies NewRecord
