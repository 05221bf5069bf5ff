import type { DipWords } from './dips-en.ts'

export const dipsId: DipWords = {
  asOf: (date) => `Keadaan pada akhir ${date}`,
  lookingTitle: 'Masih mencari',
  looking:
    'Semua tekanan sedang dibandingkan untuk pertama kali. Belum ada yang diketahui; halaman ini akan segera memberi tahu.',
  insufficientTitle: 'Data belum cukup',
  insufficientFacts: (_count, presses, _days, shownDays) => `Sejauh ini ${presses} tekanan dalam ${shownDays} hari`,
  moreDays: (_count, shown) => `kira-kira ${shown} hari lagi`,
  pastTitle: 'Sudah hilang, tetapi tidak dilupakan',
  firstFound: 'Pertama ditemukan',
  confirmedOn: (date) => `dikonfirmasi ${date}`,
  endedOn: 'Hilang sejak',
  where: { place: 'Di seluruh tempat ini', chain: 'Di seluruh jaringan ini' },
  misuse: {
    title: 'Dengan dan tanpa penyalahgunaan',
    without: 'Tidak dihitung',
    with: 'Dihitung',
    usual: 'Biasanya',
    lower: 'Lebih rendah',
  },
  fix: {
    title: 'Sudah ada tindakan?',
    label: 'Kami memperbaikinya pada',
    help: 'Hari pertama perbaikan berlaku. Sejak itu kami mengamati apakah penurunan menghilang.',
    save: 'Catat',
    undo: 'Batalkan',
    failed: 'Tidak dapat disimpan',
    invalid: 'Pilih hari paling lambat hari ini.',
    entered: 'Perbaikan dicatat',
    verdict: 'Apakah berhasil?',
    verdicts: {
      waiting: 'Belum dinilai',
      'too-early': 'Terlalu dini untuk menyimpulkan',
      gone: 'Ya, penurunannya hilang',
      'still-there': 'Tidak, penurunannya masih ada',
    },
    decidedOn: (date) => `diputuskan ${date}`,
    remaining: 'Sisa penurunan',
    interval: (low, high) => `interval 90%: ${low} sampai ${high}`,
  },
  peaks: {
    title: 'Yang lebih baik dari biasanya',
    help: 'Perbandingan yang sama ke arah sebaliknya: jam yang lebih baik daripada jam di sekitarnya. Ada baiknya melihat apa yang dilakukan berbeda saat itu.',
  },
  notices: {
    title: 'Di luar kebiasaan',
    help: 'Yang ganjil pada hari lengkap terakhir. Hanya keheningan yang dibandingkan dengan kebetulan, dan hanya pada jam saat terminal berfungsi; selebihnya dihitung saja dan dapat mempunyai alasan yang baik.',
    kinds: { silence: 'Hening', 'same-value': 'Tombol sama', 'closed-hour': 'Tutup' },
  },
}
