import type { Compared } from '../store/port.ts'

type Gauge = { help: string; value: number }

/** Figures of the last comparison for `/metrics`; before the first nothing is said of differences, since nobody has looked. */
export function describeComparison(compared: Compared | null): Record<string, Gauge> {
  const at = {
    help: 'When tallies were last compared with presses, Unix time; 0 before the first time.',
    value: compared ? Math.round(compared.atMs / 1_000) : 0,
  }
  const differing = {
    help: 'Days of touchpoints whose tallies differ from their presses, by the last comparison.',
    value: compared?.differences ?? 0,
  }
  return {
    smilepost_upkeep_compared_timestamp_seconds: at,
    ...(compared && { smilepost_upkeep_differing_days: differing }),
  }
}
