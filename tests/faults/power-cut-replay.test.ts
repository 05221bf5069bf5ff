/**
 * Power cuts, replayed: a real process appends, every write and flush of its files is recorded, and the disk is rebuilt as a cut would
 * have left it, with nothing, a prefix, or any sectors of what was not yet flushed. Truth is what the process had said before the cut; at
 * some cuts a central that had what was delivered takes the rest, and its rows by plain SQL are compared.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Outbox, openOutbox } from '../../src/terminal/outbox/outbox.ts'
import { silentLogger } from '../support/silent-logger.ts'
import { faultScale, faultSeed, makeDraw } from './support/fault-parameters.ts'
import { faultRow } from './support/fault-row.ts'
import { type Intake, openIntake } from './support/open-intake.ts'
import { parseRecording, type RecordedCall } from './support/parse-recording.ts'
import { makePowerCutDisk, type Survival } from './support/power-cut-disk.ts'

const support = join(import.meta.dirname, 'support')
const survivals: readonly Survival[] = ['none', 'prefix', 'subset']
const folder = mkdtempSync(join(tmpdir(), 'smilepost-power-cut-'))
const recorder = join(folder, 'record-writes.so')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

beforeAll(() => {
  if (!existsSync(join(support, '../../../dist/src/terminal/outbox/outbox.js')))
    throw new Error('dist/ is missing: npm run build')
  const built = spawnSync('gcc', ['-shared', '-fPIC', '-O1', '-o', recorder, join(support, 'record-writes.c'), '-ldl'])
  if (built.status !== 0) throw new Error(`gcc is needed for the recorder: ${built.error ?? built.stderr}`)
})

/** Runs the process under the recorder; its files are below `<folder>/<name>/disk`. */
function record(name: string, seed: number, durability: 'full' | 'normal'): { disk: string; calls: RecordedCall[] } {
  const disk = join(folder, name, 'disk')
  mkdirSync(disk, { recursive: true })
  const log = join(folder, name, 'log')
  const args = [join(support, 'append-recorded.mjs'), join(disk, 'outbox.sqlite'), '120', String(seed), durability]
  const env = { ...process.env, LD_PRELOAD: recorder, RECORD_FOLDER: disk, RECORD_LOG: log }
  const { status, stderr } = spawnSync(process.execPath, args, { env })
  if (status !== 0) throw new Error(`the recorded process ended with ${status}: ${stderr}`)
  return { disk, calls: parseRecording(readFileSync(log)) }
}

/** Presses for which the terminal is answerable: acknowledged to the box, not yet to be had from the central. */
function makeLedger() {
  const owed = new Set<number>()
  const batches: string[] = []
  let stored = 0
  return {
    owed,
    /** That the central has. */
    batches,
    /** The last press that the box has been told of. */
    stored: () => stored,
    take(said: string) {
      for (const line of said.trim().split('\n')) {
        const at = line.indexOf(' ')
        const [word, rest] = [line.slice(0, at), line.slice(at + 1)]
        if (word === 'batch') batches.push(rest)
        if (word === 'delivered') owed.delete(Number(rest))
        if (word !== 'stored') continue
        stored = Number(rest)
        owed.add(stored)
      }
    },
  }
}

type Left = { lost: number; isCorrupt: boolean }

function rebuild(files: Map<string, Buffer>): string {
  const rebuilt = mkdtempSync(join(folder, 'rebuilt-'))
  for (const [path, bytes] of files) writeFileSync(join(rebuilt, basename(path)), bytes)
  return rebuilt
}

function openRebuilt(rebuilt: string, draw: () => number): Outbox {
  const randomHex = (digits: number) =>
    Array.from({ length: digits }, () => Math.floor(draw() * 16).toString(16)).join('')
  const clock = { wallMs: () => 0, monoMs: () => 0 }
  return openOutbox({ path: join(rebuilt, 'outbox.sqlite'), clock, randomHex, logger: silentLogger })
}

/** Starts the product on what the cut has left, and counts what it no longer has. */
function start(rebuilt: string, owed: ReadonlySet<number>, draw: () => number): Left {
  const outbox = openRebuilt(rebuilt, draw)
  const appended = outbox.append({ kind: 'tick', boot: '0123abcd', monoMs: 1, wallMs: 1 })
  outbox.close()
  const db = new Database(join(rebuilt, 'outbox.sqlite'), { readonly: true })
  const stored = new Set(db.prepare("SELECT box_seq FROM records WHERE kind = 'press'").pluck().all() as number[])
  const holes = db
    .prepare(
      'SELECT epoch FROM epochs e WHERE next - 1 - trimmed <> (SELECT count(*) FROM records r WHERE r.ordinal = e.ordinal)',
    )
    .all()
  const isWhole = db.pragma('integrity_check', { simple: true }) === 'ok' && holes.length === 0
  db.close()
  const isCorrupt = !isWhole || appended !== 'stored' || existsSync(join(rebuilt, 'quarantine'))
  return { lost: [...owed].filter((boxSeq) => !stored.has(boxSeq)).length, isCorrupt }
}

/** Lets a central that has these batches take what the cut has left. @returns all presses that it has then, and its ledger */
async function deliver(rebuilt: string, batches: readonly string[], draw: () => number) {
  const intake: Intake = await openIntake()
  try {
    for (const text of batches) await intake.take(text)
    const outbox = openRebuilt(rebuilt, draw)
    await intake.empty(outbox)
    outbox.close()
    return { presses: intake.presses(), ledger: await intake.ledger() }
  } finally {
    await intake.close()
  }
}

type Outcome = { cuts: number; unsynced: number; losing: number; lost: number; corrupt: number }
type Delivered = Awaited<ReturnType<typeof deliver>>

/**
 * Cuts at `moments` moments of the recording, three ways each.
 *
 * @param deliveries at so many of the cuts, evenly spread, a central takes what is left
 */
async function replay(
  { disk: path, calls }: ReturnType<typeof record>,
  moments: number,
  seed: number,
  deliveries = 0,
): Promise<Outcome & { delivered: Delivered[] }> {
  const draw = makeDraw(seed)
  const disk = makePowerCutDisk(path)
  const ledger = makeLedger()
  const outcome = { cuts: 0, unsynced: 0, losing: 0, lost: 0, corrupt: 0 }
  const delivered: Delivered[] = []
  for (const [index, call] of calls.entries()) {
    if (call.kind === 'said') ledger.take(call.text)
    else disk.take(call)
    if (draw() >= (moments - outcome.cuts / survivals.length) / (calls.length - index)) continue
    for (const survival of survivals) {
      const rebuilt = rebuild(disk.cut(survival, draw))
      const { lost, isCorrupt } = start(rebuilt, ledger.owed, draw)
      if (
        Math.floor((outcome.cuts * deliveries) / (3 * moments)) > delivered.length - 1 &&
        deliveries > delivered.length
      ) {
        const one = await deliver(rebuilt, ledger.batches, draw)
        expectExact(one, ledger.stored())
        delivered.push(one)
      }
      rmSync(rebuilt, { recursive: true })
      outcome.cuts += 1
      outcome.unsynced += disk.unsynced() > 0 ? 1 : 0
      outcome.losing += lost > 0 ? 1 : 0
      outcome.lost += lost
      outcome.corrupt += isCorrupt ? 1 : 0
    }
  }
  return { ...outcome, delivered }
}

/** All that was said, and of what the cut interrupted at most the one press that was being stored. */
function expectExact({ presses, ledger }: Delivered, stored: number): void {
  expect([stored, stored + 1]).toContain(presses.length)
  expect(presses).toEqual(presses.map((_, i) => ({ boxSeq: i + 1, value: (i + 1) % 4 })))
  expect(ledger.missing).toEqual([])
}

it('records what the process does: each press said, two flushes a commit at most, checkpoints, names', () => {
  const { calls } = record('seen', faultSeed, 'full')
  const count = (kind: RecordedCall['kind'], end = '') =>
    calls.filter((call) => call.kind === kind && (!('path' in call) || call.path.endsWith(end))).length
  const stored = calls.filter((call) => call.kind === 'said' && call.text.startsWith('stored')).length
  expect(stored).toBe(360)
  expect(count('write', '-wal')).toBeGreaterThan(2 * stored)
  expect(count('sync', '-wal')).toBeGreaterThan(stored)
  expect(count('write', '.sqlite')).toBeGreaterThan(20)
  expect(count('sync', '/disk')).toBeGreaterThan(0)
  expect(count('unlink', '-wal')).toBe(3)
}, 120_000)

it('loses acknowledged presses where commits are not flushed, so that a loss would be seen', async () => {
  const outcome = await replay(record('normal', faultSeed, 'normal'), 40, faultSeed)
  expect(outcome.losing).toBeGreaterThan(30)
  expect(outcome.lost).toBeGreaterThan(100)
}, 120_000)

faultRow('power-cut replay', 300, async ({ close }) => {
  const moments = Math.round(200 * Math.max(1, faultScale))
  const { delivered, ...outcome } = await replay(record('full', faultSeed, 'full'), moments, faultSeed, 12)
  expect(outcome.cuts).toBeGreaterThanOrEqual(500)
  expect(outcome.unsynced).toBeGreaterThan(outcome.cuts / 4)
  expect(outcome).toMatchObject({ lost: 0, corrupt: 0 })
  close({
    pressed: delivered.reduce((sum, { presses }) => sum + presses.length, 0),
    faults: { cuts: outcome.cuts, 'over unflushed writes': outcome.unsynced, 'delivered afterwards': delivered.length },
    ledgers: delivered.map(({ ledger }) => ledger),
  })
})
