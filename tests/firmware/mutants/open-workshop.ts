import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findPackageRoot } from '../../../src/shared/package-root.ts'
import type { Mutant } from './mutant.ts'

const firmware = join(findPackageRoot(import.meta.url), 'firmware-bridge', 'firmware')
const makefile = join(import.meta.dirname, 'parts.mk')

export type Workshop = {
  /** As Intel HEX. @throws Error when the compiler refuses it */
  buildWhole(): string
  /** As Intel HEX. @throws Error when the text to be replaced is not there exactly once, or the compiler refuses the result */
  buildBroken(mutant: Mutant): string
  close(): void
}

/** A copy of the firmware in which one mutant after the other is built, each from what the one before has left. */
export function openWorkshop(): Workshop {
  const folder = mkdtempSync(join(tmpdir(), 'smilepost-mutants-'))
  for (const part of ['lib', 'src', 'avr.mk']) cpSync(join(firmware, part), join(folder, part), { recursive: true })

  function build(): string {
    execFileSync('make', ['-f', makefile], { cwd: folder, stdio: 'pipe' })
    return readFileSync(join(folder, 'build/parts/image.hex'), 'latin1')
  }

  return {
    buildWhole: build,
    buildBroken({ name, file, find, replace }) {
      const path = join(folder, file)
      const whole = readFileSync(path, 'utf8')
      const pieces = whole.split(find)
      if (pieces.length !== 2) throw new Error(`${name}: its text stands ${pieces.length - 1} times in ${file}`)
      writeFileSync(path, pieces.join(replace))
      try {
        return build()
      } finally {
        writeFileSync(path, whole)
      }
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
}
