import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findPackageRoot } from '../../../src/shared/package-root.ts'
import type { Mutant } from './mutant.ts'

const run = promisify(execFile)
const firmware = join(findPackageRoot(import.meta.url), 'firmware-bridge', 'firmware')

/**
 * Builds a mutant from a copy of the firmware, as the product is built.
 *
 * @returns Intel HEX
 * @throws Error when the text to be replaced is not there exactly once, or the compiler refuses the result
 */
export async function buildMutant({ name, file, find, replace }: Mutant): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `smilepost-${name}-`))
  try {
    for (const part of ['lib', 'src', 'avr.mk', 'Makefile'])
      await cp(join(firmware, part), join(folder, part), { recursive: true })
    const path = join(folder, file)
    const pieces = (await readFile(path, 'utf8')).split(find)
    if (pieces.length !== 2) throw new Error(`${name}: its text stands ${pieces.length - 1} times in ${file}`)
    await writeFile(path, pieces.join(replace))
    await run('make', ['build/smilepost.hex'], { cwd: folder })
    return await readFile(join(folder, 'build', 'smilepost.hex'), 'latin1')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
