import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { OutboxAccount } from '../../terminal/outbox/read-account.ts'
import { readOutboxAccount } from './check-outbox.ts'
import { custodyTexts } from './custody-texts.ts'
import { type Check, type Facts, type Finding, makeFinding } from './finding.ts'
import type { Scene } from './scene.ts'

const find = (code: keyof typeof custodyTexts, facts: Facts) => makeFinding('custody', code, custodyTexts[code], facts)

/**
 * The terminal's own half of the ledger: every press that its boxes and its page have given out is with the central, in the outbox or in
 * the box, or it is missing. With the daemon stopped the central has been asked for its marks; else the daemon keeps them as it hears them.
 */
export function makeCustodyCheck(scene: Scene): Check {
  return { name: 'custody', run: async () => checkCustody(scene) }
}

function checkCustody(scene: Scene): Finding[] {
  const noted = readOutboxAccount(scene)
  const account = scene.answer ? readOutboxAccount(scene, scene.answer.marks) : noted
  if (!account) return []
  const sum = sumUp(account, scene.box)
  const isTold = scene.answer !== null || scene.daemon.kind === 'running'
  const facts = {
    ...sum,
    isTold,
    oldestWaitingAtMs: account.oldestWaitingAtMs,
    boxes: account.boxes,
    touch: account.touch,
  }
  // A box that was at another terminal meanwhile has its presses there; a card that lost them lacks records, or was found damaged.
  const isSound = account.records.missing === 0 && !hasQuarantined(scene)
  const isElsewhere = isSound && sum.missing === sum.between
  const code = sum.missing === 0 ? 'whole' : isElsewhere ? 'between' : 'missing'
  return [find(code, facts), ...(scene.answer ? compareMarks(noted?.epochs ?? [], scene.answer.marks) : [])]
}

const hasQuarantined = ({ dataFolder }: Scene): boolean => {
  const folder = join(dataFolder ?? '', 'quarantine')
  return existsSync(folder) && readdirSync(folder).length > 0
}

/**
 * `between`: of the missing, numbers below one that came. `atBox`: presses that the box holds and has not handed on. `elsewhere`: taken by another terminal or card, as far as that is known.
 * pressed = acknowledged + waiting + missing + elsewhere, where `waiting` counts those of the box too.
 */
function sumUp({ boxes, touch }: OutboxAccount, box: Scene['box']) {
  const sums = { pressed: touch.issued, acknowledged: touch.acknowledged, missing: touch.missing, elsewhere: 0 }
  let here = touch.waiting
  let atBox = 0
  let between = 0
  for (const one of boxes.some(({ box: id }) => id === box?.id) || !box ? boxes : [...boxes, makeEmpty(box)]) {
    const given = Math.max(one.last, one.box === box?.id ? box.pressesEver : 0)
    const pending = one.box === box?.id ? Math.min(box.pending, given - one.last) : 0
    sums.pressed += given
    sums.acknowledged += one.acknowledged
    sums.elsewhere += one.first - 1
    // The box has given a number away that never came here, and holds it no more.
    sums.missing += one.missing + (given - one.last - pending)
    between += one.missing - sizeOfTail(one)
    here += one.waiting
    atBox += pending
  }
  return { ...sums, here, atBox, between, waiting: here + atBox }
}

/** Missing numbers behind the last one that is here. */
const sizeOfTail = ({ last, ranges }: OutboxAccount['boxes'][number]): number =>
  ranges.filter(({ to }) => to === last).reduce((sum, { from, to }) => sum + to - from + 1, 0)

/** A box that is plugged in and has not given this outbox a press yet: what it gave before went elsewhere. */
function makeEmpty({ id, pressesEver, pending }: NonNullable<Scene['box']>): OutboxAccount['boxes'][number] {
  const last = pressesEver - pending
  return { box: id, first: last + 1, last, acknowledged: 0, waiting: 0, missing: 0, ranges: [] }
}

function compareMarks(noted: OutboxAccount['epochs'], marks: Record<string, number>): Finding[] {
  const behind = noted.filter(({ epoch, confirmed }) => (marks[epoch] ?? 0) < confirmed)
  const gone = behind.filter(({ epoch, first }) => (marks[epoch] ?? 0) < first - 1)
  const ahead = noted.filter(({ epoch, last }) => (marks[epoch] ?? 0) > last)
  const records = behind.reduce((sum, { epoch, confirmed }) => sum + confirmed - (marks[epoch] ?? 0), 0)
  return [
    ...(behind.length > 0 ? [find('central-behind', { records, gone: gone.length })] : []),
    ...(ahead.length > 0 ? [find('central-ahead', { epochs: ahead.map(({ epoch }) => epoch) })] : []),
  ]
}
