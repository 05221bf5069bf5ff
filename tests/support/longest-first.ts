import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What takes longest on a machine of two cores, longest first; a folder stands for its files. */
const longest = [
  'faults/serial-babble',
  'flow/demo',
  'flow/fire-to-central',
  'flow/line-under-fire',
  'browser/dashboard-page',
  'flow/',
  'browser/',
  'faults/power-cut-replay',
  'firmware/mutants',
  'firmware/wrong-lines',
  'cli/',
  'faults/',
  'firmware/',
  'terminal/',
  'central/',
]

const rankOf = ({ moduleId }: TestSpecification): number => {
  const rank = longest.findIndex((name) => moduleId.includes(`/tests/${name}`))
  return rank < 0 ? longest.length : rank
}

/**
 * Begins with the files that take longest, so that none of them is left to run alone at the end. By itself vitest goes by the times of the
 * run before, which a fresh clone does not have.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((a, b) => rankOf(a) - rankOf(b))
  }
}
