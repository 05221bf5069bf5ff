import type { ColourName } from './colours.ts'

/** What a face says, best first. */
export const moods = ['very-happy', 'happy', 'neutral', 'unhappy', 'very-unhappy'] as const
export type Mood = (typeof moods)[number]

export const moodColours: Readonly<Record<Mood, ColourName>> = {
  'very-happy': 'faceVeryHappy',
  happy: 'faceHappy',
  neutral: 'faceNeutral',
  unhappy: 'faceUnhappy',
  'very-unhappy': 'faceVeryUnhappy',
}

/**
 * The moods of a scale of faces, best first.
 *
 * @param scaleMax highest value of the scale: 3 for four faces, 4 for five
 * @returns one mood for each value, or null for a scale that is not shown as faces
 */
export function moodsOfScale(scaleMax: number): readonly Mood[] | null {
  if (scaleMax === 3) return moods.filter((mood) => mood !== 'neutral')
  return scaleMax === 4 ? moods : null
}
