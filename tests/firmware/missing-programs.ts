import { spawnSync } from 'node:child_process'

/**
 * Says loudly which of these programs are not installed; on CI that is an error.
 *
 * @returns whether any is missing
 */
export function missingPrograms(programs: readonly string[]): boolean {
  const missing = programs.filter((program) => spawnSync(program, ['--version']).status !== 0)
  if (missing.length === 0) return false
  const message = `firmware tests need ${missing.join(' and ')}: apt-get install gcc clang make gcc-avr avr-libc`
  if (process.env.CI === 'true') throw new Error(message)
  console.warn(`SKIPPED: ${message}`)
  return true
}
