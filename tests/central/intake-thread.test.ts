/** The writing side on a thread of its own, as `smilepost central` runs it: from compiled files, on a real database. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Intake } from '../../src/central/open-intake.ts'
import { formatBatch } from '../../src/contracts/format-batch.ts'
import type { TerminalRecord } from '../../src/contracts/records.ts'
import { hashText } from '../support/record-arbitraries.ts'
import { waitFor } from '../support/smilepost-process.ts'
import { anchorOf, epochA, type Harness, openHarness, pressOf } from './ingest/ingest-harness.ts'

const built = join(import.meta.dirname, '../../dist/src/central/open-intake-thread.js')
const { openIntakeThread } = (await import(built)) as typeof import('../../src/central/open-intake-thread.ts')

const batchOf = (records: TerminalRecord[]) =>
  Buffer.from(formatBatch({ epoch: epochA, first: records[0]?.sequence ?? 1, records }, hashText))

describe('the intake thread', () => {
  let harness: Harness
  let intake: Intake
  const events: string[] = []
  const acks: [terminal: string, upTo: number][] = []

  beforeEach(async () => {
    harness = await openHarness()
    events.length = 0
    acks.length = 0
    intake = await openIntakeThread({
      ...{ path: harness.path, logLevel: 'silent' },
      publish(terminal, leaf, text) {
        events.push(leaf)
        if (leaf === 'ack') acks.push([terminal, JSON.parse(text).upTo])
      },
      onCommitted: ({ touchpoints, terminals }) => events.push(`committed ${[...touchpoints]} ${[...terminals]}`),
      onRelabelled: (changed) => events.push(`relabelled ${changed.map(({ localDate }) => localDate)}`),
    })
  })
  afterEach(async () => {
    await intake.close()
    await harness.close()
  })
  const rows = () => {
    const db = new Sqlite(harness.path, { readonly: true })
    const counts = db.prepare('SELECT count(*) AS stored, count(label) AS labelled FROM press_row').get()
    db.close()
    return counts
  }

  it('answers after the COMMIT, tells what changed, and labels', async () => {
    intake.receive('till-1', 'batch', batchOf([anchorOf(1, 0), pressOf(2), pressOf(3)]))
    await waitFor('the ack', 10_000, () => acks.length > 0 && rows())
    expect(acks).toEqual([['till-1', 3]])
    await intake.drain()
    expect(rows()).toEqual({ stored: 2, labelled: 2 })
    expect(events).toEqual(['committed exit till-1', 'ack', 'relabelled 2025-03-30'])
    expect(await harness.tallies({ class: 'counted' })).toEqual(['2025-03-30 8: 0 0 1 1'])
    expect(await intake.counters()).toMatchObject({ ingest: { batches: 1, records: 3 }, labels: { labelled: 2 } })
  })

  it('takes a payload as it is at that moment, whatever its buffer holds later', async () => {
    const buffer = Buffer.concat([Buffer.from('before'), batchOf([pressOf(1)]), Buffer.from('behind')])
    intake.receive('till-1', 'batch', buffer.subarray(6, buffer.length - 6))
    buffer.fill(0)
    await intake.drain()
    expect(acks).toEqual([['till-1', 1]])
  })

  it('commits all that it took before it closes, and takes nothing more', async () => {
    for (let sequence = 1; sequence <= 300; sequence += 1)
      intake.receive('till-1', 'batch', batchOf([pressOf(sequence)]))
    await intake.close()
    expect(rows()).toMatchObject({ stored: 300 })
    expect(acks.at(-1)).toEqual(['till-1', 300])
    intake.receive('till-1', 'batch', batchOf([pressOf(301)]))
    expect((await intake.counters()).ingest).toMatchObject({ 'dropped-closed': 1 })
  })

  it('lets another connection write between two transactions, and nobody waits for a lock', async () => {
    let sequence = 0
    const send = () => {
      sequence += 1
      intake.receive('till-1', 'batch', batchOf([pressOf(sequence)]))
    }
    for (let i = 0; i < 50; i += 1) send()
    await intake.exclusively(async () => {
      const before = rows()
      for (let i = 0; i < 50; i += 1) send()
      // A real writer: it would get "database is locked" at once while the thread is within a transaction.
      const other = new Sqlite(harness.path, { timeout: 0 })
      other.exec('BEGIN IMMEDIATE')
      await new Promise((resolve) => setTimeout(resolve, 100))
      expect(rows()).toEqual(before)
      other.exec('COMMIT')
      other.close()
    })
    await intake.drain()
    expect(rows()).toMatchObject({ stored: 100 })
  })

  it('goes on after a write of somebody else that failed', async () => {
    await expect(intake.exclusively(() => Promise.reject(new Error('no room')))).rejects.toThrow('no room')
    intake.receive('till-1', 'batch', batchOf([anchorOf(1, 0), pressOf(2)]))
    await intake.drain()
    expect(rows()).toEqual({ stored: 1, labelled: 1 })
  })

  it('tells what it counted last while a transaction keeps it', async () => {
    intake.receive('till-1', 'batch', batchOf([pressOf(1)]))
    await intake.drain()
    expect((await intake.counters()).ingest).toMatchObject({ batches: 1 })
    const other = new Sqlite(harness.path)
    other.exec('BEGIN IMMEDIATE')
    intake.receive('till-1', 'batch', batchOf([pressOf(2)]))
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect((await intake.counters()).ingest).toMatchObject({ batches: 1 })
    other.exec('COMMIT')
    other.close()
    await intake.drain()
    expect((await intake.counters()).ingest).toMatchObject({ batches: 2 })
  })

  it('drops and counts what does not fit while a transaction keeps it, of whoever sends most', async () => {
    const other = new Sqlite(harness.path)
    other.exec('BEGIN IMMEDIATE')
    intake.receive('till-2', 'batch', batchOf([pressOf(1, { box: '0000feed' })]))
    // The thread now waits for the lock, and hears nothing.
    await new Promise((resolve) => setTimeout(resolve, 200))
    for (let i = 0; i < 300; i += 1) intake.receive('till-1', 'batch', Buffer.alloc(100_000))
    intake.receive('till-2', 'batch', batchOf([pressOf(2, { box: '0000feed' })]))
    other.exec('COMMIT')
    other.close()
    await intake.drain()
    const { ingest } = await intake.counters()
    // A third of 32 MB is open to all; then a terminal has a thirtieth, which this one has long had.
    expect(ingest['dropped-share']).toBeGreaterThan(150)
    expect(ingest['dropped-share']).toBeLessThan(250)
    expect(ingest).toMatchObject({ 'dropped-full': 0, batches: 2 })
    expect(acks.at(-1)).toEqual(['till-2', 2])
  })
})

it('ends the process when the thread ends, so that nobody believes in a central that stores nothing', async () => {
  const harness = await openHarness()
  const script = `
    const { Worker } = require('node:worker_threads')
    const { postMessage } = Worker.prototype
    Worker.prototype.postMessage = function (...message) {
      void this.terminate()
      return postMessage.apply(this, message)
    }
    const none = { publish: () => {}, onCommitted: () => {}, onRelabelled: () => {} }
    import(${JSON.stringify(pathToFileURL(built).href)}).then(async ({ openIntakeThread }) => {
      const intake = await openIntakeThread({ ...none, path: ${JSON.stringify(harness.path)}, logLevel: 'silent' })
      process.stdout.write('open')
      setInterval(() => {}, 1_000)
      intake.receive('till-1', 'batch', new Uint8Array(1))
    })`
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', script], {
    encoding: 'utf8',
    timeout: 60_000,
  })
  await harness.close()
  expect(stdout, stderr).toBe('open')
  expect(stderr).toContain('the thread that takes presses in has ended')
  expect(status).toBe(1)
}, 90_000)

it('says why its database can not be opened', async () => {
  const none = { publish: () => {}, onCommitted: () => {}, onRelabelled: () => {} }
  await expect(openIntakeThread({ ...none, path: '/dev/null/central.db', logLevel: 'silent' })).rejects.toMatchObject({
    code: 'database-failed',
    message: expect.stringContaining('/dev/null'),
  })
})
