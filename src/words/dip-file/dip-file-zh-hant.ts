import type { DipFileWords } from './dip-file-en.ts'

export const dipFileZhHant: DipFileWords = {
  title: (range) => `Happy Index 的下降時段，${range}`,
  noPeriod: '沒有按鍵',
  none: '沒有找到下降時段。',
  insufficientTitle: '資料不足，無法判斷',
  insufficientFacts: (presses, days) => `按鍵：${presses}，天數：${days}`,
  more: (_count, shown) => `……另有 ${shown} 台終端機；--json 會全部列出`,
  totals: {
    terminals: '終端機',
    presses: '按鍵',
    misuse: '其中為誤用（玩按鍵），不列入比較',
    misuseCompared: '其中為誤用（玩按鍵），仍列入比較',
    outsideHours: '其中在營業時間之外，不列入比較',
    outsidePeriod: '其中在此期間之前或之後，不列入比較',
    skipped: '略過的錯誤列',
    repeated: '因 id 重複而略過的列',
  },
  certainty: (share) =>
    `確定程度：以此方式找到的所有下降時段中，預期最多 ${share} 是誤報，已計入所有檢視過的小時、星期、日期與終端機。`,
  silence: '沒有找到下降時段之處，仍可能有下降太淺、以這樣的按鍵數無法與巧合區分的時段。',
}
