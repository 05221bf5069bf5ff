import type { Colours } from './colours.ts'
import { escapeText } from './escape-text.ts'
import { type Mood, moodColours } from './mood.ts'

/**
 * Eyes and mouth on a disc of 100 × 100. Each mood has both its own mouth and its own eyes, so that none is told by
 * colour alone: laughing arcs over an open mouth, round eyes over a smile, a level line, a slanted mouth turned down,
 * and eyes drawn shut over a deep frown.
 */
const features: Readonly<Record<Mood, { strokes: string; fills: string }>> = {
  'very-happy': {
    strokes: '<path d="M24 43q9-13 18 0M58 43q9-13 18 0"/>',
    fills: '<path d="M23 56h54c0 15-12 27-27 27S23 71 23 56z"/>',
  },
  happy: {
    strokes: '<path d="M28 60q22 21 44 0"/>',
    fills: '<ellipse cx="35" cy="40" rx="5.5" ry="7.5"/><ellipse cx="65" cy="40" rx="5.5" ry="7.5"/>',
  },
  neutral: {
    strokes: '<path d="M30 66h40"/>',
    fills: '<circle cx="35" cy="42" r="6"/><circle cx="65" cy="42" r="6"/>',
  },
  unhappy: {
    strokes: '<path d="M30 71q20-16 40 0"/>',
    fills: '<ellipse cx="35" cy="43" rx="5.5" ry="7.5"/><ellipse cx="65" cy="43" rx="5.5" ry="7.5"/>',
  },
  'very-unhappy': {
    strokes: '<path d="M26 79q24-31 48 0M24 34l18 9-17 7M76 34l-18 9 17 7"/>',
    fills: '',
  },
}

/**
 * Draws one face as an SVG string of any size.
 *
 * @param label read to those who do not see it; without one the face is decoration, for use beside a text that says the same
 */
export function drawFace(mood: Mood, colours: Colours, label?: string): string {
  const { strokes, fills } = features[mood]
  const access = label === undefined ? 'aria-hidden="true"' : `role="img" aria-label="${escapeText(label)}"`
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" class="face face-${mood}" focusable="false" ${access}>` +
    `<circle cx="50" cy="50" r="48" fill="${colours[moodColours[mood]]}"/>` +
    `<g fill="none" stroke="${colours.onFace}" stroke-width="7" stroke-linecap="round" stroke-linejoin="round">${strokes}</g>` +
    `<g fill="${colours.onFace}">${fills}</g></svg>`
  )
}
