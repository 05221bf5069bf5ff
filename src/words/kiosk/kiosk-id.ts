import type { KioskWords } from './kiosk-en.ts'

export const kioskId: KioskWords = {
  moods: {
    'very-happy': 'Sangat puas',
    happy: 'Puas',
    neutral: 'Biasa saja',
    unhappy: 'Tidak puas',
    'very-unhappy': 'Sangat tidak puas',
  },
  answers: 'Jawaban Anda',
  languages: 'Bahasa',
  thanks: 'Terima kasih!',
  settingUp: 'Terminal sedang disiapkan',
  settingUpDetail: 'Pertanyaan akan tampil di sini begitu semuanya siap.',
  waiting: (count) => `${count} jawaban menunggu disimpan`,
  full: 'Jawaban belum dapat diterima saat ini',
}
