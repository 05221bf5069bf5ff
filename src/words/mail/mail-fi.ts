import type { MailWords } from './mail-words.ts'

export const mailFi: MailWords = {
  invite: {
    subject: 'Smilepost-tunnuksesi',
    text: (name, url, until) =>
      `Hei ${name},\n\nSmilepostin ylläpitäjä on luonut sinulle tunnuksen. Valitse salasana täällä:\n\n${url}\n\nLinkki toimii kerran, ${until} asti.`,
  },
  reset: {
    subject: 'Uusi salasana Smilepostiin',
    text: (name, url, until) =>
      `Hei ${name},\n\nSmilepost-tunnuksellesi on pyydetty uutta salasanaa. Valitse se täällä:\n\n${url}\n\nLinkki toimii kerran, ${until} asti. Jos et pyytänyt sitä, älä tee mitään: salasanasi pysyy ennallaan.`,
  },
}
