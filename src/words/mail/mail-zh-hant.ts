import type { MailWords } from './mail-words.ts'

export const mailZhHant: MailWords = {
  invite: {
    subject: '您的 Smilepost 帳號',
    text: (name, url, until) =>
      `${name}，您好：\n\nSmilepost 的管理員已為您建立帳號。請在這裡設定密碼：\n\n${url}\n\n此連結只能使用一次，有效期限至 ${until}。`,
  },
  reset: {
    subject: 'Smilepost 的新密碼',
    text: (name, url, until) =>
      `${name}，您好：\n\n有人要求為您的 Smilepost 帳號設定新密碼。請在這裡設定：\n\n${url}\n\n此連結只能使用一次，有效期限至 ${until}。若不是您本人要求，請不必理會：您的密碼不會改變。`,
  },
}
