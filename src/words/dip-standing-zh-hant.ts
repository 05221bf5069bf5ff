import { type DipStandingCatalogue, joinParts } from './dip-standing-catalogue.ts'

const withLeft = (text: string, left: string | null) => `${text}${left === null ? '' : `：${left}`}。`

/** Chinese in traditional characters. */
export const dipStandingZhHant: DipStandingCatalogue = {
  over: (since) => `自${since}起似乎已結束。`,
  back: (since) => `曾經消失，自${since}起再次出現。`,
  trends: {
    growing: '最近兩週的降幅比之前大。',
    steady: '最近兩週的降幅與之前大致相同。',
    fading: '最近兩週的降幅比之前小。',
  },
  toldAt: {
    place: (name) => `這是整個地點（${name}）下降的一部分，已在該處說明。`,
    chain: (name) => `這是整個連鎖（${name}）下降的一部分，已在該處說明。`,
  },
  fixNoted: (date) => `已記錄自${date}起的改善措施，將於下一次分析時評估。`,
  fixTooEarly: (date, left, moreDays) => {
    const more = moreDays === null ? null : `約需再 ${moreDays} 天`
    return `${joinParts([`${date}的改善措施：為時尚早，無法判斷`, left && `目前${left}`, more], '；')}。`
  },
  fixGone: (date, left) => withLeft(`${date}的改善措施有效`, left),
  fixStillThere: (date, left) => withLeft(`${date}的改善措施仍不足`, left),
  left: ({ points, shown, low, high }) => {
    const range = `（90% 區間 ${low} 至 ${high}）`
    return points <= 0 ? `降幅已完全消失${range}` : `降幅剩下 ${shown} 分${range}`
  },
  noticeable: (points) => `以您的按鍵量，每天一小時低 ${points} 分的異常時段，四週內即可察覺。`,
  noticeableUnknown: '目前還無法說明異常時段要多深才能察覺。',
  peak: ({ time, weekdays, hours, certainty, figures: { index, usual, height, low, high, daysAbove, days } }) =>
    `${time}，${weekdays} ${hours}：Happy Index 為 ${index}，而前後時段顯示應為 ${usual}；保守估計高 ${height} 分（${low}–${high}），` +
    `${days} 天中有 ${daysAbove} 天較高。${certainty}。`,
  certainty: {
    'practically-certain': '幾乎可以確定',
    'very-likely': '非常可能',
    likely: '可能',
    suspected: '懷疑中，持續觀察',
  },
  silence: ({ date, hours, expected, certainty }) =>
    `${date} ${hours}：沒有任何按鍵，但平常約有 ${expected} 次，且終端機運作正常。${certainty}`,
  silenceCertainty: {
    'practically-certain': '幾乎可以確定並非巧合。',
    'very-likely': '非常可能並非巧合。',
    likely: '可能並非巧合。',
    suspected: '也可能是巧合。',
  },
  sameValue: ({ date, from, to, presses, terminal }) =>
    `${date} ${from}–${to}：終端機 ${terminal} 連續 ${presses} 次按下同一個按鍵。`,
  closedHour: ({ date, hours, presses }) => `${date} ${hours}：營業時間外有 ${presses} 次按鍵。`,
}
