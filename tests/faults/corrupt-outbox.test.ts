/**
 * Random bytes flipped in the terminal's database and in its WAL, at rest and under a running outbox. Truth is what was appended.
 */
import {
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect } from 'vitest'
import { formatBatch } from '../../src/contracts/format-batch.ts'
import type { Ledger } from '../../src/contracts/http/terminals.ts'
import type { NewRecord, TerminalRecord } from '../../src/contracts/records.ts'
import { type Outbox, openOutbox } from '../../src/terminal/outbox/outbox.ts'
import { hashText } from '../support/record-arbitraries.ts'
import { silentLogger } from '../support/silent-logger.ts'
import { faultScale, faultSeed, makeDraw } from './support/fault-parameters.ts'
import { type FaultRow, faultRow } from './support/fault-row.ts'
import { openIntake } from './support/open-intake.ts'

const folder = mkdtempSync(join(tmpdir(), 'smilepost-corrupt-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const clock = { wallMs: () => 1_800_000_000_000, monoMs: () => 60_000 }
const pressesAnEpoch = 400
/** Of the presses that are made after the damage. */
const firstNew = 3 * pressesAnEpoch + 1
const keyOf = (epoch: string, sequence: number) => `${epoch} ${sequence}`

const press = (boxSeq: number): NewRecord => ({
  ...{ kind: 'press', boot: '8d6f0a52-7c1e-4e0b-9a3d-111111111111', monoMs: boxSeq * 7, wallMs: boxSeq * 7 },
  ...{
    question: 'service',
    surveyRevision: 1,
    value: boxSeq % 4,
    spreadMs: 3,
    flags: 0,
    source: 'box',
    box: 'b0c0ffee',
    boxSeq,
  },
})

function open(path: string, draw: () => number, errors: string[] = []): Outbox {
  const randomHex = (digits: number) =>
    Array.from({ length: digits }, () => Math.floor(draw() * 16).toString(16)).join('')
  const logger = { ...silentLogger, error: (_: object, text: string) => void errors.push(text) }
  return openOutbox({ path, clock, randomHex, logger })
}

type Sound = { folder: string; truth: Map<string, NewRecord>; confirmed: Map<string, number> }

/** Three epochs, the first half delivered, the last with a WAL that has not been written back: as a power cut leaves it. */
function makeSound(name: string): Sound {
  const draw = makeDraw(faultSeed)
  const live = join(folder, `${name}-live`)
  const copy = join(folder, name)
  const truth = new Map<string, NewRecord>()
  const confirmed = new Map<string, number>()
  for (let epoch = 0; epoch < 3; epoch += 1) {
    const outbox = open(join(live, 'outbox.sqlite'), draw)
    for (let sequence = 1; sequence <= pressesAnEpoch; sequence += 1) {
      const record = press(epoch * pressesAnEpoch + sequence)
      expect(outbox.append(record)).toBe('stored')
      truth.set(keyOf(outbox.epoch(), sequence), record)
    }
    confirmed.set(outbox.epoch(), epoch === 0 ? 200 : 0)
    if (epoch === 0) outbox.confirm({ epoch: outbox.epoch(), upTo: 200 })
    if (epoch === 2) {
      mkdirSync(copy)
      for (const file of ['outbox.sqlite', 'outbox.sqlite-wal']) copyFileSync(join(live, file), join(copy, file))
    }
    outbox.close()
  }
  return { folder: copy, truth, confirmed }
}

/** Flips bytes of one file. @returns whether any is another now */
function flip(path: string, count: number, draw: () => number): void {
  const bytes = readFileSync(path)
  for (let i = 0; i < count; i += 1) {
    const at = Math.floor(draw() * bytes.length)
    // Four bytes of the header are the schema's number: a newer schema is refused by design, and can't be told from damage to them.
    if (at >= 60 && at < 64 && !path.endsWith('-wal')) continue
    bytes[at] = (bytes[at] as number) ^ (1 + Math.floor(draw() * 255))
  }
  writeFileSync(path, bytes)
}

type Said = { records: Map<string, TerminalRecord>; lost: Set<string> }

const makeSaid = (): Said => ({ records: new Map(), lost: new Set() })
function note(said: Said, batch: NonNullable<ReturnType<Outbox['nextBatch']>>): void {
  for (const record of batch.records) said.records.set(keyOf(batch.epoch, record.sequence), record)
  for (const { epoch, from, to } of batch.lost) {
    expect(to - from).toBeLessThan(200_000)
    for (let sequence = from; sequence <= to; sequence += 1) said.lost.add(keyOf(epoch, sequence))
  }
}

/** Hears everything, as a central does that keeps nothing. */
function hear(outbox: Outbox): Said {
  const said = makeSaid()
  let rounds = 0
  for (let batch = outbox.nextBatch(200); batch; batch = outbox.nextBatch(200)) {
    note(said, batch)
    const last = batch.lost[0]?.to ?? batch.records.at(-1)?.sequence ?? 0
    // Never the same again and again: 'same' alone is a mark that was noted before a database was replaced.
    expect(['advanced', 'same']).toContain(outbox.confirm({ epoch: batch.epoch, upTo: last }))
    rounds += 1
    expect(rounds).toBeLessThan(1000)
  }
  return said
}

/** What was delivered before the damage, as it was on the wire. */
function formatDelivered({ truth, confirmed }: Sound): string {
  const [[epoch, upTo] = ['', 0]] = confirmed
  const records = Array.from({ length: upTo }, (_, i) => ({
    ...(truth.get(keyOf(epoch, i + 1)) as NewRecord),
    sequence: i + 1,
  }))
  return formatBatch({ epoch, first: 1, records }, hashText)
}

type Taken = { stored: number; ledger: Ledger }
/** A central whose rows are compared costs ten times what hearing does. */
const runsATaking = 5

/** In some runs a central that had what was delivered takes everything, and its rows by plain SQL are exactly that. */
async function deliver(outbox: Outbox, sound: Sound, run: number, taken: Taken[]): Promise<Said> {
  if (run % runsATaking !== 0) return hear(outbox)
  const intake = await openIntake()
  try {
    await intake.take(formatDelivered(sound))
    const said = makeSaid()
    await intake.empty(outbox, (batch) => note(said, batch))
    const values = new Map(Array.from({ length: 200 }, (_, i) => [i + 1, (i + 1) % 4]))
    for (const record of said.records.values())
      if (record.kind === 'press' && record.source === 'box') values.set(record.boxSeq, record.value)
    const presses = intake.presses()
    expect(presses).toHaveLength(values.size)
    expect(new Map(presses.map(({ boxSeq, value }) => [boxSeq, value]))).toEqual(values)
    taken.push({ stored: presses.length, ledger: await intake.ledger() })
    return said
  } finally {
    await intake.close()
  }
}

/** Closes a row by the runs in which a central took everything. @param made presses in each run */
function closeBy(row: FaultRow, taken: readonly Taken[], made: number, faults: Readonly<Record<string, number>>): void {
  const pressed = taken.length * made
  const stored = taken.reduce((sum, one) => sum + one.stored, 0)
  const expected = { stored, missing: pressed - stored }
  row.close({ pressed, faults, ledgers: taken.map(({ ledger }) => ledger), expected })
}

function copyOf(sound: Sound, name: string): string {
  const copy = join(folder, name)
  mkdirSync(copy)
  for (const file of readdirSync(sound.folder)) copyFileSync(join(sound.folder, file), join(copy, file))
  return join(copy, 'outbox.sqlite')
}

/** Everything salvaged is true; everything undelivered is salvaged, or said to be lost, or (renamed) brought under a fresh epoch. */
function expectTruth(said: Said, { truth, confirmed }: Sound): { salvaged: number; lost: number; silent: number } {
  const presses = new Map<number, NewRecord>()
  for (const [key, { sequence: _, ...record }] of said.records) {
    const original = truth.get(key)
    if (original) expect(record).toEqual(original)
    if (record.kind === 'tick') continue
    if (record.kind !== 'press' || record.source !== 'box') throw new Error(`no press: ${JSON.stringify(record)}`)
    expect(record).toEqual(press(record.boxSeq))
    presses.set(record.boxSeq, record)
  }
  let silent = 0
  for (const [key, record] of truth) {
    const [epoch = '', sequence] = key.split(' ')
    const isDelivered = Number(sequence) <= (confirmed.get(epoch) ?? 0)
    const boxSeq = (record as { boxSeq: number }).boxSeq
    if (!isDelivered && !presses.has(boxSeq) && !said.lost.has(key)) silent += 1
  }
  return { salvaged: presses.size, lost: [...said.lost].filter((key) => truth.has(key)).length, silent }
}

const runs = Math.round(10 * faultScale)

faultRow('bytes flipped in the database', 300, async (row) => {
  const taken: Taken[] = []
  const sound = makeSound('database')
  const sums = { runs: 0, quarantined: 0, whole: 0, salvaged: 0, lost: 0, silent: 0 }
  for (let run = 0; run < runs; run += 1) {
    const seed = faultSeed * 10_000 + run
    const draw = makeDraw(seed)
    const path = copyOf(sound, `database-${run}`)
    const count = [1, 10, 100][run % 3] as number
    flip(path, count, draw)
    const before = readFileSync(path)
    const errors: string[] = []
    const outbox = open(path, draw, errors)
    expect(outbox.append(press(firstNew))).toBe('stored')
    expect(outbox.append({ kind: 'tick', boot: '0123abcd', monoMs: 1, wallMs: 1 })).toBe('stored')
    expect(outbox.confirm({ epoch: outbox.epoch(), upTo: 2 })).toBe('advanced')
    const { salvaged, lost, silent } = expectTruth(await deliver(outbox, sound, run, taken), sound)
    outbox.close()
    const quarantine = join(path, '../quarantine')
    const moved = existsSync(quarantine) ? readdirSync(quarantine) : []
    if (moved.length > 0) {
      expect(errors.length).toBeGreaterThan(0)
      expect(readFileSync(join(quarantine, moved[0] ?? '', 'outbox.sqlite')).equals(before)).toBe(true)
    }
    sums.runs += 1
    sums.quarantined += moved.length > 0 ? 1 : 0
    sums.whole += lost + silent === 0 ? 1 : 0
    sums.salvaged += salvaged
    sums.lost += lost
    sums.silent += silent
    rmSync(join(path, '..'), { recursive: true })
  }
  expect(sums.quarantined).toBeGreaterThan(0)
  expect(sums.silent).toBe(0)
  expect(sums.salvaged).toBeGreaterThan(runs * 500)
  closeBy(row, taken, firstNew, {
    'databases damaged': runs,
    replaced: sums.quarantined,
    'rows salvaged': sums.salvaged,
  })
})

faultRow('bytes flipped in the WAL', 300, async (row) => {
  const taken: Taken[] = []
  const sound = makeSound('wal')
  expect(statSync(join(sound.folder, 'outbox.sqlite-wal')).size).toBeGreaterThan(firstNew)
  const sums = { runs: 0, quarantined: 0, salvaged: 0, lost: 0, silent: 0 }
  for (let run = 0; run < runs; run += 1) {
    const draw = makeDraw(faultSeed * 20_000 + run)
    const path = copyOf(sound, `wal-${run}`)
    flip(`${path}-wal`, [1, 3, 30][run % 3] as number, draw)
    const outbox = open(path, draw)
    expect(outbox.append(press(firstNew))).toBe('stored')
    expect(outbox.confirm({ epoch: outbox.epoch(), upTo: 1 })).toBe('advanced')
    const { salvaged, lost, silent } = expectTruth(await deliver(outbox, sound, run, taken), sound)
    outbox.close()
    sums.runs += 1
    const isMoved = existsSync(join(path, '../quarantine'))
    // What is seen to be damaged is salvaged without a silent hole; the last commit alone can't be told from one that a power cut tore.
    if (isMoved) expect(silent).toBe(0)
    else expect(silent).toBeLessThanOrEqual(1)
    sums.quarantined += isMoved ? 1 : 0
    sums.salvaged += salvaged
    sums.lost += lost
    sums.silent += silent
    rmSync(join(path, '..'), { recursive: true })
  }
  expect(sums.quarantined).toBeGreaterThan(0)
  closeBy(row, taken, firstNew, { 'WALs damaged': runs, replaced: sums.quarantined, 'rows salvaged': sums.salvaged })
})

faultRow('bytes flipped while it runs', 300, async (row) => {
  const taken: Taken[] = []
  const sound = makeSound('running')
  const sums = { runs: 0, healed: 0, salvaged: 0, lost: 0, silent: 0 }
  for (let run = 0; run < runs; run += 1) {
    const draw = makeDraw(faultSeed * 30_000 + run)
    const path = copyOf(sound, `running-${run}`)
    const errors: string[] = []
    const outbox = open(path, draw, errors)
    const file = openSync(path, 'r+')
    for (let i = 0; i < 300; i += 1) {
      const at = Math.floor(draw() * fstatSync(file).size)
      writeSync(file, Buffer.from([Math.floor(draw() * 256)]), 0, 1, at)
    }
    closeSync(file)
    for (let i = 1; i <= 20; i += 1) expect(outbox.append(press(firstNew + i - 1))).toBe('stored')
    const said = await deliver(outbox, sound, run, taken)
    for (let i = 1; i <= 20; i += 1) {
      const isHere = [...said.records.values()].some(
        (record) => 'boxSeq' in record && record.boxSeq === firstNew + i - 1,
      )
      expect(isHere, `press ${i} taken meanwhile`).toBe(true)
    }
    const { salvaged, lost, silent } = expectTruth(said, sound)
    outbox.close()
    sums.runs += 1
    sums.healed += errors.length > 0 ? 1 : 0
    sums.salvaged += salvaged
    sums.lost += lost
    sums.silent += silent
    rmSync(join(path, '..'), { recursive: true })
  }
  expect(sums.healed).toBeGreaterThan(runs / 2)
  expect(sums.silent).toBe(0)
  closeBy(row, taken, firstNew + 19, {
    'databases damaged': runs,
    replaced: sums.healed,
    'rows salvaged': sums.salvaged,
  })
})
