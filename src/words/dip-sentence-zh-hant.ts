import { type DipCatalogue, isWeekdaySpan, type MonthDay, nameOf } from './dip-sentence-catalogue.ts'

const weekdayNames = '週一 週二 週三 週四 週五 週六 週日'.split(' ')
const date = ({ day, month }: MonthDay) => `${month}月${day}日`
const falseAlarms = (share: string) =>
  `以此把握程度回報的異常時段，預期最多每${share}是誤報，已計入所有檢視過的小時、星期、日期與評分點`

function dayRange(low: MonthDay, high: MonthDay): string {
  if (low.month !== high.month) return `${date(low)}至${date(high)}`
  return low.day === high.day ? date(low) : `${low.month}月${low.day}日至${high.day}日`
}

/** Chinese in traditional characters. */
export const dipSentenceZhHant: DipCatalogue = {
  time(began, ended) {
    const until = ended && `，約至${date(ended)}止`
    if (began.when === 'before') return `自這批資料開始之前${until ?? '至今'}`
    const about = `約自${date(began.about)}起`
    if (began.when === 'about') return `${about}${until ?? ''}`
    const range =
      began.when === 'within' ? dayRange(began.low, began.high) : `可能早於這批資料開始，最遲${date(began.high)}`
    return `${about}（${range}）${until ?? ''}`
  },
  weekdays(weekdays) {
    if (weekdays === null) return '每個營業日'
    if (isWeekdaySpan(weekdays, 1, 5)) return '週一至週五'
    return weekdays.map((weekday) => nameOf(weekdayNames, weekday)).join('、')
  },
  hours: (startHour, endHour) => `${startHour}–${endHour} 時`,
  sentence: ({ time, weekdays, hours, certainty, figures: { index, usual, depth, low, high, daysBelow, days } }) =>
    `${time}，${weekdays} ${hours}：Happy Index 為 ${index}，而前後時段顯示應為 ${usual}；保守估計低 ${depth} 分（${low}–${high}），` +
    `${days} 天中有 ${daysBelow} 天較低。${certainty}`,
  certainty: {
    'practically-certain': `幾乎可以確定：${falseAlarms(' 1,000 個有 1 個')}。`,
    'very-likely': `非常可能：${falseAlarms(' 100 個有 1 個')}。`,
    likely: `可能：${falseAlarms(' 20 個有 1 個')}。`,
    suspected: `懷疑中，持續觀察：${falseAlarms(' 5 個有 1 個')}。`,
    weak: '薄弱：以此把握程度回報的異常時段，每 5 個可能有超過 1 個是誤報。',
  },
  insufficient: (moreDays) =>
    moreDays === null ? '按鍵次數太少，無法判斷。' : `按鍵次數太少，無法判斷；以目前的速度約需再 ${moreDays} 天。`,
}
