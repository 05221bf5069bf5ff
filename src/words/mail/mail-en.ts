/** Texts of mails; the source of the other languages. Plain text, one link, no picture that tells who read it. */
export const mailEn = {
  invite: {
    subject: 'Your Smilepost account',
    text: (name: string, url: string, until: string) =>
      `Hello ${name},\n\nan administrator of Smilepost has made an account for you. Choose your password here:\n\n${url}\n\nThe link works once, until ${until}.`,
  },
  reset: {
    subject: 'A new password for Smilepost',
    text: (name: string, url: string, until: string) =>
      `Hello ${name},\n\na new password was asked for your Smilepost account. Choose it here:\n\n${url}\n\nThe link works once, until ${until}. If you did not ask for it, do nothing: your password stays as it is.`,
  },
}
