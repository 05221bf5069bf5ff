import { afterAll, describe, expect, it } from 'vitest'
import { readBoxHex } from '../../firmware-bridge/simulator/box-hex.ts'
import { allChecks } from './checks/all-checks.ts'
import { missingPrograms } from './missing-programs.ts'
import { buildMutant } from './mutants/build-image.ts'
import { custodyMutants } from './mutants/custody-mutants.ts'
import type { Mutant } from './mutants/mutant.ts'
import { pressMutants } from './mutants/press-mutants.ts'
import { sessionMutants } from './mutants/session-mutants.ts'

/*
 * The directed checks are only worth something if each of them can fail: a mutant that survives them all, or that the
 * check meant for it lets through, fails this suite.
 */

const mutants: readonly Mutant[] = [...pressMutants, ...custodyMutants, ...sessionMutants]
const caught = new Map<string, string[]>()

/** Long checks only where they are meant for this mutant: all of them for all would take minutes. */
function findCatchers(hex: string, expected: string): string[] {
  return allChecks
    .filter(({ name, isLong = false }) => !isLong || name === expected)
    .flatMap(({ name, run }) => {
      try {
        run(hex)
        return []
      } catch {
        return [name]
      }
    })
}

afterAll(() => {
  if (caught.size > 0) console.info(formatTable())
})

function formatTable(): string {
  const rows = mutants.map(({ name, caughtBy }) => {
    const others = (caught.get(name) ?? []).filter((check) => check !== caughtBy)
    return `${name.padEnd(34)}${caughtBy}${others.length > 0 ? `\n${' '.repeat(34)}and ${others.length} more` : ''}`
  })
  return ['mutant                            caught by', ...rows].join('\n')
}

describe.skipIf(missingPrograms(['make', 'avr-gcc']))('broken firmware is caught', () => {
  // Begun together, as many at a time as there are cores: the compiler runs beside the simulator.
  const builds = new Map<string, Promise<string>>()
  let free = Promise.resolve('')
  for (const mutant of mutants) {
    free = free.then(() => buildMutant(mutant))
    free.catch(() => {})
    builds.set(mutant.name, free)
    free = free.catch(() => '')
  }

  it('has mutants under names of their own, each with a check that exists', () => {
    expect(mutants.length).toBeGreaterThanOrEqual(8)
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length)
    const names = allChecks.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const { caughtBy } of mutants) expect(names).toContain(caughtBy)
    for (const name of names)
      expect(
        mutants.map(({ caughtBy }) => caughtBy),
        'a check that no mutant fails',
      ).toContain(name)
  })

  it.each(mutants)('$name', { timeout: 120_000 }, async ({ name, caughtBy }) => {
    const hex = await builds.get(name)
    if (!hex) throw new Error(`${name} was not built`)
    expect(hex).not.toBe(readBoxHex())
    const catchers = findCatchers(hex, caughtBy)
    caught.set(name, catchers)
    expect(catchers, 'survived what is meant for it').toContain(caughtBy)
  })
})
