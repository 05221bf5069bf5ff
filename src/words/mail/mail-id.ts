import type { MailWords } from './mail-words.ts'

export const mailId: MailWords = {
  invite: {
    subject: 'Akun Smilepost Anda',
    text: (name, url, until) =>
      `Halo ${name},\n\nadministrator Smilepost telah membuatkan akun untuk Anda. Pilih kata sandi di sini:\n\n${url}\n\nTautan ini hanya berlaku sekali, sampai ${until}.`,
  },
  reset: {
    subject: 'Kata sandi baru untuk Smilepost',
    text: (name, url, until) =>
      `Halo ${name},\n\nada permintaan kata sandi baru untuk akun Smilepost Anda. Pilih di sini:\n\n${url}\n\nTautan ini hanya berlaku sekali, sampai ${until}. Jika Anda tidak memintanya, abaikan saja: kata sandi Anda tetap sama.`,
  },
}
