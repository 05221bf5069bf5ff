import { type DipStandingCatalogue, joinParts } from './dip-standing-catalogue.ts'

const withLeft = (text: string, left: string | null) => `${text}${left === null ? '' : `: ${left}`}.`

/** Indonesian. */
export const dipStandingId: DipStandingCatalogue = {
  over: (since) => `Tampaknya sudah berlalu sejak ${since}.`,
  back: (since) => `Muncul lagi sejak ${since} setelah sempat hilang.`,
  trends: {
    growing: 'Dalam dua minggu terakhir lebih dalam daripada sebelumnya.',
    steady: 'Dalam dua minggu terakhir kira-kira sama dalamnya dengan sebelumnya.',
    fading: 'Dalam dua minggu terakhir lebih dangkal daripada sebelumnya.',
  },
  toldAt: {
    place: (name) => `Ini bagian dari penurunan di seluruh tempat (${name}) dan dilaporkan di sana.`,
    chain: (name) => `Ini bagian dari penurunan di seluruh jaringan (${name}) dan dilaporkan di sana.`,
  },
  fixNoted: (date) => `Perbaikan dicatat mulai ${date}; hasilnya dinilai pada pemeriksaan tekanan berikutnya.`,
  fixTooEarly: (date, left, moreDays) => {
    const more = moreDays === null ? null : `perlu kira-kira ${moreDays} hari lagi`
    const parts = [`Perbaikan ${date}: masih terlalu dini untuk menyimpulkan`, left && `sejauh ini ${left}`, more]
    return `${joinParts(parts, '; ')}.`
  },
  fixGone: (date, left) => withLeft(`Perbaikan ${date} berhasil`, left),
  fixStillThere: (date, left) => withLeft(`Perbaikan ${date} belum cukup`, left),
  left: ({ points, shown, low, high }) => {
    const range = `(interval 90% ${low} sampai ${high})`
    return points <= 0 ? `tidak ada penurunan yang tersisa ${range}` : `penurunan yang tersisa ${shown} poin ${range}`
  },
  noticeable: (points) =>
    `Dengan jumlah tekanan Anda, penurunan harian selama satu jam sebesar ${points} poin akan terlihat dalam empat minggu.`,
  noticeableUnknown: 'Belum dapat dikatakan seberapa dalam suatu penurunan agar terlihat.',
  peak: ({ time, weekdays, hours, certainty, figures: { index, usual, height, low, high, daysAbove, days } }) =>
    `${time}, ${weekdays} ${hours}: Happy Index ${index}, sedangkan jam-jam di sekitarnya menunjukkan ${usual}; dengan perkiraan hati-hati ` +
    `${height} poin lebih tinggi (${low}–${high}), dan lebih tinggi pada ${daysAbove} dari ${days} hari. ${certainty}.`,
  certainty: {
    'practically-certain': 'Hampir pasti',
    'very-likely': 'Sangat mungkin',
    likely: 'Mungkin',
    suspected: 'Dugaan, masih diamati',
  },
  silence: ({ date, hours, expected, certainty }) =>
    `${date} ${hours}: tidak ada satu pun tekanan, padahal biasanya sekitar ${expected} dan terminal berfungsi. ${certainty}`,
  silenceCertainty: {
    'practically-certain': 'Hampir pasti bukan kebetulan.',
    'very-likely': 'Sangat mungkin bukan kebetulan.',
    likely: 'Kemungkinan besar bukan kebetulan.',
    suspected: 'Bisa jadi kebetulan.',
  },
  sameValue: ({ date, from, to, presses, terminal }) =>
    `${date} pukul ${from}–${to}: ${presses} tekanan berturut-turut pada tombol yang sama di terminal ${terminal}.`,
  closedHour: ({ date, hours, presses }) => `${date} ${hours}: ${presses} tekanan di luar jam buka.`,
}
