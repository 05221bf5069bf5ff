import { afterAll, describe, expect, it } from 'vitest'
import { readBoxHex } from '../../firmware-bridge/simulator/box-hex.ts'
import { allChecks } from './checks/all-checks.ts'
import { custodyChecks } from './checks/custody-checks.ts'
import type { DirectedCheck } from './checks/directed-check.ts'
import { pressChecks } from './checks/press-checks.ts'
import { sessionChecks } from './checks/session-checks.ts'
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

type Entry = Mutant & { checks: readonly DirectedCheck[] }

const mutants: readonly Entry[] = [
  ...pressMutants.map((mutant) => ({ ...mutant, checks: pressChecks })),
  ...custodyMutants.map((mutant) => ({ ...mutant, checks: custodyChecks })),
  ...sessionMutants.map((mutant) => ({ ...mutant, checks: sessionChecks })),
]
const caught = new Map<string, string[]>()

/** The checks of the same part of the firmware, long ones only where they are meant for it: all for all takes minutes. */
function findCatchers(hex: string, checks: readonly DirectedCheck[], expected: string): string[] {
  return checks
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
  const width = Math.max(...mutants.map(({ name }) => name.length)) + 2
  const rows = mutants.flatMap(({ name, caughtBy }) => {
    const others = (caught.get(name) ?? []).filter((check) => check !== caughtBy)
    return [`${name.padEnd(width)}${caughtBy}`, ...others.map((check) => `${' '.repeat(width)}${check}`)]
  })
  return [`${'mutant'.padEnd(width)}caught by`, ...rows].join('\n')
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

  it.each(mutants)('$name', { timeout: 120_000 }, async ({ name, checks, caughtBy }) => {
    const hex = await builds.get(name)
    if (!hex) throw new Error(`${name} was not built`)
    expect(hex).not.toBe(readBoxHex())
    const catchers = findCatchers(hex, checks, caughtBy)
    caught.set(name, catchers)
    expect(catchers, 'survived what is meant for it').toContain(caughtBy)
  })
})
