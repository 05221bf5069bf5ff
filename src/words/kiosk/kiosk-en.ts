/** The source of the kiosk page's texts; every other language has the same keys. */
export const kioskEn = {
  moods: {
    'very-happy': 'Very happy',
    happy: 'Happy',
    neutral: 'Neither',
    unhappy: 'Unhappy',
    'very-unhappy': 'Very unhappy',
  },
  answers: 'Your answer',
  languages: 'Language',
  thanks: 'Thank you!',
  settingUp: 'This terminal is being set up',
  settingUpDetail: 'The question appears here as soon as it is ready.',
  waiting: (count: number) => (count === 1 ? '1 answer waiting to be saved' : `${count} answers waiting to be saved`),
  full: 'Answers can’t be taken just now',
}

export type KioskWords = typeof kioskEn
