import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allChecks } from './checks/all-checks.ts'
import { missingPrograms } from './missing-programs.ts'
import { custodyMutants } from './mutants/custody-mutants.ts'
import type { Mutant } from './mutants/mutant.ts'
import { openWorkshop, type Workshop } from './mutants/open-workshop.ts'
import { pressMutants } from './mutants/press-mutants.ts'
import { sessionMutants } from './mutants/session-mutants.ts'

/*
 * The directed checks are only worth something if each of them can fail: a mutant that the check meant for it lets through fails this
 * suite. That a check does not fail by the way mutants are built is shown by the firmware as it is, built the same way; that the committed
 * image keeps it too: committed-image.test.ts.
 */

const mutants: readonly Mutant[] = [...pressMutants, ...custodyMutants, ...sessionMutants]

describe.skipIf(missingPrograms(['make', 'avr-gcc']))('broken firmware is caught', () => {
  let workshop: Workshop
  let whole = ''
  beforeAll(() => {
    workshop = openWorkshop()
    whole = workshop.buildWhole()
  })
  afterAll(() => workshop.close())

  it('has mutants under names of their own, each with a check that exists', () => {
    expect(mutants.length).toBeGreaterThanOrEqual(8)
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length)
    const names = allChecks.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(new Set(mutants.map(({ caughtBy }) => caughtBy)), 'a check that no mutant fails').toEqual(new Set(names))
  })

  it.each(allChecks)('whole firmware: $name', ({ run }) => expect(() => run(whole)).not.toThrow())

  it.each(mutants)('$name', (mutant) => {
    const hex = workshop.buildBroken(mutant)
    expect(hex).not.toBe(whole)
    const check = allChecks.find(({ name }) => name === mutant.caughtBy)
    expect(() => check?.run(hex), `survived: ${mutant.caughtBy}`).toThrow()
  })
})
