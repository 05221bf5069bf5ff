/**
 * The central dies by SIGKILL at two instants that matter: between the BEGIN of a transaction and its COMMIT, with rows inserted, and
 * between the COMMIT and the ack. To know which of them was hit, the process is frozen at a random instant and looked at from outside: the
 * kernel's list of locks tells of an open write transaction, and the database of a COMMIT that nobody has been told of. Truth is the
 * feeder's own list of presses.
 */
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { TerminalRecord } from '../../src/contracts/records.ts'
import { openInstallation } from '../support/installation.ts'
import { runSmilepost, type SmilepostProcess, waitFor } from '../support/smilepost-process.ts'
import { faultScale } from './support/fault-parameters.ts'
import { faultRow } from './support/fault-row.ts'
import { feedCentral } from './support/feed-central.ts'
import { readStoredLedger } from './support/read-ledger.ts'

const epoch = 'feedfeedfeedfeed'
const box = '0000feed'
/** WAL_WRITE_LOCK of the WAL index (sqlite.org/walformat.html §2.3.1). */
const writeLockByte = 120

const makeRecord = (startedAtMs: number, sequence: number): TerminalRecord => {
  const common = { sequence, boot: 'b007feed', monoMs: sequence * 10, wallMs: 0 }
  if (sequence === 1) {
    return { ...common, kind: 'anchor', utcMs: startedAtMs, errorMs: 20, clock: 'exchange' }
  }
  const shown = { question: 'service', surveyRevision: 1, value: sequence % 4, spreadMs: 0, flags: 0 }
  return { ...common, kind: 'press', ...shown, source: 'box', box, boxSeq: sequence - 1 }
}

function holdsWriteLock(pid: number, walIndex: string): boolean {
  const inode = statSync(walIndex).ino
  return readFileSync('/proc/locks', 'utf8')
    .split('\n')
    .some((line) => {
      const [, , , mode, owner, file, from] = line.trim().split(/\s+/)
      return mode === 'WRITE' && Number(owner) === pid && file?.endsWith(`:${inode}`) && Number(from) === writeLockByte
    })
}

faultRow('central killed between INSERT and COMMIT, and before the ack', 300, async ({ draw, close }) => {
  const wanted = Math.max(2, Math.round(2 * faultScale))
  const hits = { inTransaction: 0, inCommit: 0, beforeAck: 0 }
  const installation = await openInstallation()
  const config = join(installation.folder, 'central.toml')
  const args = ['terminals', 'create', 'feeder', '--touchpoint', 'exit', '--config', config, '--json']
  const { secret } = JSON.parse((await runSmilepost(args)).stdout) as { secret: string }
  const readMark = () =>
    installation.readCentral<{ mark: number }>('SELECT max(up_to) AS mark FROM cursor')[0]?.mark ?? 0
  let central: SmilepostProcess = await installation.startCentral()
  const [, url = ''] = await central.waitForOutput(/^broker (\S+)$/m)
  const startedAtMs = Date.now()
  const walIndex = join(installation.folder, 'central/central.sqlite-shm')
  const make = (sequence: number) => makeRecord(startedAtMs, sequence)
  const feeder = feedCentral(url, { terminal: 'feeder', secret, epoch }, make)

  function watchForCommit(): void {
    const endMs = Date.now() + 500
    while (Date.now() < endMs && !holdsWriteLock(central.pid, walIndex));
    while (Date.now() < endMs && holdsWriteLock(central.pid, walIndex));
  }

  /** What the process was at when it was frozen; null when it was at neither. */
  async function freeze(): Promise<keyof typeof hits | null> {
    // The end of a transaction is rarely hit at random: it is waited for, and the freeze comes a moment later.
    if (hits.inTransaction >= wanted) watchForCommit()
    process.kill(central.pid, 'SIGSTOP')
    await waitFor('the process to stand still', 5_000, () =>
      /^State:\s+T/m.test(readFileSync(`/proc/${central.pid}/status`, 'utf8')),
    )
    if (holdsWriteLock(central.pid, walIndex)) return 'inTransaction'
    // What was on its way before the freeze arrives now; a frozen process says nothing more.
    await new Promise((resolve) => setTimeout(resolve, 60))
    return readMark() > feeder.acknowledged() ? 'beforeAck' : null
  }

  try {
    await waitFor('the first ack', 60_000, () => feeder.acknowledged() > 0)
    while (hits.inTransaction < wanted || hits.beforeAck < wanted) {
      await new Promise((resolve) => setTimeout(resolve, 5 + draw() * 60))
      const hit = await freeze()
      if (!hit || hits[hit] >= wanted) {
        process.kill(central.pid, 'SIGCONT')
        continue
      }
      const before = { mark: readMark(), acknowledged: feeder.acknowledged(), sent: feeder.sent() }
      await central.end('SIGKILL')
      const after = readMark()
      // Nothing of an open transaction stays, everything of a committed one does; a COMMIT that was being written is whole or nothing.
      const isInCommit = hit === 'inTransaction' && after !== before.mark
      expect(after).toBe(isInCommit ? before.sent : before.mark)
      hits[isInCommit ? 'inCommit' : hit] += 1
      central = await installation.startCentral()
      await waitFor('further acks', 60_000, () => feeder.acknowledged() > before.mark + 400)
    }
    await feeder.close()
    await central.end('SIGTERM')
    const stored = installation.readCentral<{ boxSeq: number; value: number }>(
      "SELECT box_seq AS boxSeq, value FROM press WHERE is_repeat = 0 AND box = '0000feed' ORDER BY box_seq",
    )
    // What was sent last may be there without an ack; all that was acknowledged is there, in one piece, once.
    expect(stored.length).toBeGreaterThanOrEqual(feeder.acknowledged() - 1)
    expect(stored).toEqual(stored.map((_, i) => ({ boxSeq: i + 1, value: (i + 2) % 4 })))
    const [sums] = installation.readCentral<Record<string, number>>(
      `SELECT (SELECT sum(n0 + n1 + n2 + n3) FROM cell_tally WHERE class = 'raw') AS tallied,
        (SELECT count(*) FROM press) AS rows, (SELECT count(*) FROM quarantined) AS quarantined`,
    )
    expect(sums).toEqual({ tallied: stored.length, rows: stored.length, quarantined: 0 })
    expect(hits).toMatchObject({ inTransaction: wanted, beforeAck: wanted })
    const ledger = await readStoredLedger(join(installation.folder, 'central/central.sqlite'), 'feeder')
    const faults = { 'within a transaction': hits.inTransaction, 'before an ack': hits.beforeAck }
    close({ pressed: stored.length, faults, ledgers: [ledger] })
  } finally {
    await feeder.close()
    await installation.close()
  }
})
