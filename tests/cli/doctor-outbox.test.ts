/** Doctor on outboxes without a daemon, an installation or a box. Truth is what was appended. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makeCustodyCheck } from '../../src/cli/doctor/check-custody.ts'
import { makeOutboxCheck } from '../../src/cli/doctor/check-outbox.ts'
import type { Scene } from '../../src/cli/doctor/scene.ts'
import { boxPress, makeFolder, openTestOutbox } from '../terminal/outbox/open-outbox.ts'

/** The scene of a card that has taken these presses of a box. */
function makeScene(sequences: number[]) {
  const folder = makeFolder()
  const path = join(folder, 'outbox.sqlite')
  const outbox = openTestOutbox(path)
  for (const sequence of sequences) outbox.append(boxPress(sequence))
  outbox.close()
  const scene: Scene = {
    ...{ config: null, hasSecret: false, dataFolder: folder, answer: null, box: null, account: null },
    daemon: { kind: 'stopped', port: null },
  }
  return { path, scene }
}
const codesOf = async (check: ReturnType<typeof makeOutboxCheck>) =>
  (await check.run(() => {})).map(({ code, status }) => `${status} ${code}`)

it('reads an outbox once', async () => {
  const { path, scene } = makeScene([1, 2])
  expect(await codesOf(makeOutboxCheck(scene))).toEqual(['ok sound'])
  rmSync(path)
  expect(await codesOf(makeCustodyCheck(scene))).toEqual(['ok whole'])
})
