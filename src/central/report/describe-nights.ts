import type { Nights } from './open-nights.ts'

type Gauge = { help: string; value: number }

/** Figures of the last night for `/metrics`; before the first there is nothing to say of how long it took. */
export function describeNights({ known, lastRun }: Pick<Nights, 'known' | 'lastRun'>): Record<string, Gauge> {
  const [night, run] = [known(), lastRun()]
  return {
    smilepost_nights_as_of_timestamp_seconds: {
      help: 'As of when dips are told, Unix time; 0 before the first night.',
      value: night ? Math.round(night.asOfMs / 1_000) : 0,
    },
    ...(night && {
      smilepost_nights_last_timestamp_seconds: {
        help: 'The last business date that dips were looked for in, as Unix time of its midnight in UTC.',
        value: night.report.night * 86_400,
      },
    }),
    ...(run && {
      smilepost_nights_run_seconds: {
        help: 'How long the last run took, however many nights it was of.',
        value: run.seconds,
      },
      smilepost_nights_curves: {
        help: 'Curves of touchpoints and places that the last run looked at.',
        value: run.curves,
      },
    }),
  }
}
