import { statSync } from 'node:fs'
import { join } from 'node:path'
import { lookBeside, type OutboxLook } from '../../terminal/outbox/look-beside.ts'
import type { OutboxAccount } from '../../terminal/outbox/read-account.ts'
import { isOthers } from './check-disk.ts'
import { type Check, type Facts, type Finding, makeFinding, type ShowStep } from './finding.ts'
import { outboxTexts } from './outbox-texts.ts'
import type { Scene } from './scene.ts'

const find = (code: keyof typeof outboxTexts, facts: Facts) => makeFinding('outbox', code, outboxTexts[code], facts)

/** The outbox itself, read beside the daemon or without it, by the owner of its file or by root. */
export function makeOutboxCheck(scene: Scene): Check {
  return { name: 'outbox', run: async (showStep) => checkOutbox(scene, showStep) }
}

const pathOf = ({ dataFolder }: Scene): string | null => {
  const path = dataFolder === null ? null : join(dataFolder, 'outbox.sqlite')
  const stats = path === null ? undefined : statSync(path, { throwIfNoEntry: false })
  return stats?.isFile() && !isOthers(stats.uid) ? path : null
}

/**
 * @param marks of the central; without them the account that was taken before is as good as another
 * @returns null where there is none to be read, or it can't be
 */
export function readOutboxAccount(scene: Scene, marks?: Readonly<Record<string, number>>): OutboxAccount | null {
  if (!marks && scene.account) return scene.account
  const path = pathOf(scene)
  if (path === null) return null
  try {
    return lookBeside(path, (look) => look.account(marks))
  } catch {
    return null
  }
}

function checkOutbox(scene: Scene, showStep: ShowStep): Finding[] {
  const path = pathOf(scene)
  if (path === null) return []
  showStep('reading the outbox')
  try {
    return lookBeside(path, (look) => describe(look, path, scene))
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    const facts = { path, error: message }
    if (/^SQLITE_(CORRUPT|NOTADB)/.test(code ?? '')) return [find('damaged', facts)]
    return [find(code?.startsWith('SQLITE_BUSY') ? 'held' : 'unreadable', facts)]
  }
}

function describe(look: OutboxLook, path: string, scene: Scene): Finding[] {
  const { schema, newestSchema } = look
  if (schema > newestSchema) return [find('newer-schema', { path, schema, known: newestSchema })]
  const damage = look.findDamage()
  if (damage !== null) return [find('damaged', { path, error: damage })]
  scene.account = look.account()
  const { epochs, records, oldestWaitingAtMs } = scene.account
  const facts = {
    path,
    isChecked: look.isChecked,
    epochs: epochs.length,
    ...records,
    delivered: records.held - records.waiting,
    oldestWaitingAtMs,
  }
  return [
    find('sound', facts),
    ...(records.missing > 0 ? [find('holes', facts)] : []),
    ...(records.rejected > 0 ? [find('rejected', facts)] : []),
  ]
}
