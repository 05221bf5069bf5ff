/**
 * The JSON Schemas of version 1, as files: a change of the wire shows as a change of one of them.
 * Within a version only optional members may be added (WIRE.md §9); whoever updates a snapshot answers for that.
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { BatchMessage } from '../../src/contracts/batch.ts'
import { Ack, Desired, Health, Hello, Status, Welcome } from '../../src/contracts/messages.ts'
import { downLeaves, makeTopic } from '../../src/contracts/topics.ts'

const schemas = {
  hello: Hello,
  welcome: Welcome,
  batch: BatchMessage,
  ack: Ack,
  desired: Desired,
  health: Health,
  status: Status,
}
const folder = join(import.meta.dirname, 'schemas')

describe('the schema of version 1', () => {
  it.each(Object.entries(schemas))('of %s stands as it was settled', async (leaf, schema) => {
    await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(join(folder, `${leaf}.schema.json`))
  })

  it('is there for every topic', () => {
    expect(new Set(readdirSync(folder))).toEqual(new Set(Object.keys(schemas).map((leaf) => `${leaf}.schema.json`)))
    expect(downLeaves.every((leaf) => leaf in schemas)).toBe(true)
    expect(makeTopic('kiosk-1', 'batch')).toBe('smilepost/v1/kiosk-1/batch')
  })
})
