/**
 * Every colour of the pages, by role. The two themes name the same roles.
 *
 * Text roles keep 4.5:1 against every surface, faces keep 4.5:1 against the page, the surface and their own features
 * (WCAG 2.2, 1.4.3 and 1.4.11); tests/looks computes it. Faces run green to red because people expect that, and are
 * told apart by their mouths and eyes alone for those who do not see the difference. Charts use blue against orange,
 * which the common kinds of colour blindness keep apart.
 */
export const lightColours = {
  page: '#f4f6f9',
  surface: '#ffffff',
  sunken: '#e9edf2',
  line: '#d3dae3',
  lineStrong: '#7c8896',
  ink: '#15202c',
  inkMuted: '#4f5c6b',
  accent: '#1a4fa3',
  accentSoft: '#e3ecfa',
  onAccent: '#ffffff',
  dip: '#9a3f00',
  dipSoft: '#fdebdc',
  good: '#0b6b38',
  faceVeryHappy: '#0b6b38',
  faceHappy: '#4c7200',
  faceNeutral: '#7a6100',
  faceUnhappy: '#b04b00',
  faceVeryUnhappy: '#b01020',
  onFace: '#ffffff',
  heat1: '#f4a25f',
  heat2: '#f8c193',
  heat3: '#fbdfc6',
  heat4: '#eef0f3',
  heat5: '#d5e3f6',
  heat6: '#b0cbee',
  heat7: '#86b0e4',
} as const

export type ColourName = keyof typeof lightColours
export type Colours = Readonly<Record<ColourName, string>>

export const darkColours: Colours = {
  page: '#0f141a',
  surface: '#182029',
  sunken: '#222c38',
  line: '#33404e',
  lineStrong: '#7d8b9b',
  ink: '#e9eef4',
  inkMuted: '#a9b5c3',
  accent: '#8db7ff',
  accentSoft: '#1d3050',
  onAccent: '#0f141a',
  dip: '#ffb37a',
  dipSoft: '#3a2818',
  good: '#5fcf86',
  faceVeryHappy: '#4fc878',
  faceHappy: '#a5c944',
  faceNeutral: '#e2c24a',
  faceUnhappy: '#f39a4f',
  faceVeryUnhappy: '#f5777c',
  onFace: '#10151b',
  heat1: '#9c4c0d',
  heat2: '#75400f',
  heat3: '#503418',
  heat4: '#2a333f',
  heat5: '#223f63',
  heat6: '#235086',
  heat7: '#2561aa',
}

/** `faceVeryHappy` → `--colour-face-very-happy`. */
export function formatColourProperty(name: string): string {
  return `--colour-${name.replace(/[A-Z0-9]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

const names = Object.keys(lightColours) as ColourName[]

/** The roles as CSS variables, for drawings inside a page: they follow its theme. Mails and PDFs pass a theme instead. */
export const cssColours: Colours = Object.fromEntries(
  names.map((name) => [name, `var(${formatColourProperty(name)})`]),
) as Record<ColourName, string>
