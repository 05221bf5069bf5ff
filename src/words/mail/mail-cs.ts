import type { MailWords } from './mail-words.ts'

export const mailCs: MailWords = {
  invite: {
    subject: 'Váš účet ve Smilepostu',
    text: (name, url, until) =>
      `Dobrý den, ${name},\n\nsprávce Smilepostu vám založil účet. Heslo si zvolíte zde:\n\n${url}\n\nOdkaz lze použít jednou, do ${until}.`,
  },
  reset: {
    subject: 'Nové heslo do Smilepostu',
    text: (name, url, until) =>
      `Dobrý den, ${name},\n\npro váš účet ve Smilepostu bylo vyžádáno nové heslo. Zvolíte si ho zde:\n\n${url}\n\nOdkaz lze použít jednou, do ${until}. Pokud jste o něj nežádali, nedělejte nic: heslo zůstane beze změny.`,
  },
}
