import { type Mood, moodsOfScale } from '../../looks/mood.ts'
import type { DashboardWords } from '../../words/dashboard/dashboard-en.ts'

export type ScoreButton = { mood: Mood | null; label: string; count: number }

/** The buttons of a scale, best first, with their names and counts; faces where the scale has them, else numbers. */
export function nameButtons(counts: readonly number[], words: DashboardWords): ScoreButton[] {
  const moods = moodsOfScale(counts.length - 1)
  return counts.map((count, i) => {
    const mood = moods?.[i] ?? null
    return { mood, label: mood ? words.moods[mood] : String(counts.length - 1 - i), count }
  })
}

/** Share of presses on a happy face, 0–1; null where there are none or the scale has no faces. */
export function findHappyShare(counts: readonly number[]): number | null {
  const presses = counts.reduce((sum, count) => sum + count, 0)
  if (presses === 0 || !moodsOfScale(counts.length - 1)) return null
  return ((counts[0] ?? 0) + (counts[1] ?? 0)) / presses
}
