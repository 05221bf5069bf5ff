import { chooseLanguage, chooseLocale, type Language } from '../languages.ts'
import { mailCs } from './mail-cs.ts'
import { mailEn } from './mail-en.ts'
import { mailFi } from './mail-fi.ts'
import { mailId } from './mail-id.ts'
import { mailZhHant } from './mail-zh-hant.ts'

export type MailWords = typeof mailEn

const catalogues: Readonly<Record<Language, MailWords>> = {
  ...{ en: mailEn, fi: mailFi, cs: mailCs, id: mailId, 'zh-Hant': mailZhHant },
}

/**
 * A mail with a one-time link in the language of whom it is for.
 *
 * @param language BCP 47
 * @param expiresAt ISO 8601; shown in UTC, since nobody knows in which zone the mail is read
 */
export function writeLinkMail(
  kind: keyof MailWords,
  { language, name, url, expiresAt }: { language: string; name: string; url: string; expiresAt: string },
): { subject: string; text: string } {
  const chosen = chooseLanguage([language])
  const format = new Intl.DateTimeFormat(chooseLocale(chosen, [language]), {
    ...{ dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' },
  })
  const { subject, text } = catalogues[chosen][kind]
  return { subject, text: `${text(name, url, `${format.format(new Date(expiresAt))} UTC`)}\n` }
}
