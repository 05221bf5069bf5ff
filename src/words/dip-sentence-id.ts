import { type DipCatalogue, formatDayRange, isWeekdaySpan, joinWords, nameOf } from './dip-sentence-catalogue.ts'

const months = 'Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember'.split(' ')
const weekdayNames = 'Senin Selasa Rabu Kamis Jumat Sabtu Minggu'.split(' ')
const date = (day: number | string, month: number) => `${day} ${nameOf(months, month)}`
const falseAlarms = (share: string) =>
  `dari penurunan yang dilaporkan dengan keyakinan ini, paling banyak ${share} diperkirakan alarm palsu, dengan memperhitungkan semua jam, hari, tanggal, dan titik layanan yang diperiksa`

/** Indonesian. */
export const dipSentenceId: DipCatalogue = {
  time(began, ended) {
    const until = ended && ` sampai sekitar ${date(ended.day, ended.month)}`
    if (began.when === 'before') return `Sejak sebelum data ini dimulai${until ?? ''}`
    const about = `Sejak sekitar ${date(began.about.day, began.about.month)}`
    if (began.when === 'about') return `${about}${until ?? ''}`
    const range =
      began.when === 'within'
        ? formatDayRange(began.low, began.high, date)
        : `mungkin sebelum data ini dimulai, paling lambat ${date(began.high.day, began.high.month)}`
    return `${about} (${range})${until ?? ''}`
  },
  weekdays(weekdays) {
    if (weekdays === null) return 'setiap hari buka'
    if (isWeekdaySpan(weekdays, 1, 5)) return 'Senin sampai Jumat'
    return joinWords(
      weekdays.map((weekday) => nameOf(weekdayNames, weekday)),
      ' dan ',
    )
  },
  hours: (startHour, endHour) => `pukul ${startHour}–${endHour}`,
  sentence: ({ time, weekdays, hours, certainty, figures: { index, usual, depth, low, high, daysBelow, days } }) =>
    `${time}, ${weekdays} ${hours}: Happy Index ${index}, sedangkan jam-jam di sekitarnya menunjukkan ${usual}; dengan perkiraan hati-hati ` +
    `${depth} poin lebih rendah (${low}–${high}), dan lebih rendah pada ${daysBelow} dari ${days} hari. ${certainty}`,
  certainty: {
    'practically-certain': `Hampir pasti: ${falseAlarms('1 dari 1.000')}.`,
    'very-likely': `Sangat mungkin: ${falseAlarms('1 dari 100')}.`,
    likely: `Mungkin: ${falseAlarms('1 dari 20')}.`,
    suspected: `Dugaan, masih diamati: ${falseAlarms('1 dari 5')}.`,
    weak: 'Lemah: dari penurunan yang dilaporkan dengan keyakinan ini, lebih dari 1 dari 5 mungkin alarm palsu.',
  },
  insufficient: (moreDays) =>
    moreDays === null
      ? 'Tekanan tombol terlalu sedikit untuk menyimpulkan.'
      : `Tekanan tombol terlalu sedikit untuk menyimpulkan; kira-kira ${moreDays} hari lagi dengan laju sekarang.`,
}
