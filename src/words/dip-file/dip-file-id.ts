import type { DipFileWords } from './dip-file-en.ts'

export const dipFileId: DipFileWords = {
  title: (range) => `Penurunan Happy Index, ${range}`,
  noPeriod: 'tidak ada tekanan',
  none: 'Tidak ada penurunan yang ditemukan.',
  insufficientTitle: 'Data belum cukup untuk menyimpulkan',
  insufficientFacts: (presses, days) => `tekanan: ${presses}, hari: ${days}`,
  more: (_count, shown) => `… dan ${shown} terminal lagi; --json menampilkan semuanya`,
  totals: {
    terminals: 'Jumlah terminal',
    presses: 'Tekanan',
    misuse: 'di antaranya penyalahgunaan (dimainkan), tidak dibandingkan',
    misuseCompared: 'di antaranya penyalahgunaan (dimainkan), tetap dibandingkan',
    outsideHours: 'di antaranya di luar jam buka, tidak dibandingkan',
    outsidePeriod: 'di antaranya sebelum atau sesudah periode ini, tidak dibandingkan',
    skipped: 'Baris keliru yang dilewati',
    repeated: 'Baris yang dilewati karena id-nya sudah ada',
  },
  certainty: (share) =>
    `Seberapa yakin: dari semua penurunan yang ditemukan dengan cara ini, paling banyak ${share} diperkirakan alarm palsu, dengan memperhitungkan setiap jam, hari, tanggal, dan terminal yang diperiksa.`,
  silence:
    'Bila tidak ada penurunan yang ditemukan, mungkin saja ada yang terlalu dangkal untuk dibedakan dari kebetulan dengan jumlah tekanan ini.',
}
