import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const variable = 'SMILEPOST_TEST_PREPARED'

/** As vitest's global setup: where all workers of a run keep what is made once. */
export function setup(): () => void {
  const shared = mkdtempSync(join(tmpdir(), 'smilepost-prepared-'))
  process.env[variable] = shared
  return () => rmSync(shared, { recursive: true, force: true })
}

/**
 * A folder that is made once a run and then only read, for what takes a second of a core to make.
 *
 * @param make fills an empty folder; everything in it is closed when it resolves
 */
export async function openPrepared(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const shared = process.env[variable]
  if (!shared) throw new Error(`${variable} is not set: run by vitest`)
  const path = join(shared, name)
  if (existsSync(path)) return path
  const folder = mkdtempSync(join(shared, 'making-'))
  await make(folder)
  try {
    renameSync(folder, path)
  } catch (error) {
    // Another worker made it at the same time; its is as good.
    if (!existsSync(path)) throw error
    rmSync(folder, { recursive: true })
  }
  return path
}
