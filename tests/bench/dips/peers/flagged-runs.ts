import type { Finding } from '../finding.ts'

/** Neighbouring hours that a method flags are one claim: a manager reads "10 to 12", not two dips. */
export function flaggedRuns(touchpoint: number, isFlagged: (slot: number) => boolean): Finding[] {
  const runs: Finding[] = []
  for (let slot = 0; slot < 24; slot++) {
    if (!isFlagged(slot)) continue
    const last = runs.at(-1)
    if (last?.endSlot === slot) last.endSlot++
    else runs.push({ touchpoint, startSlot: slot, endSlot: slot + 1, detail: null })
  }
  return runs
}
