import type { KioskWords } from './kiosk-en.ts'

export const kioskZhHant: KioskWords = {
  moods: {
    'very-happy': '非常滿意',
    happy: '滿意',
    neutral: '普通',
    unhappy: '不滿意',
    'very-unhappy': '非常不滿意',
  },
  answers: '您的回答',
  languages: '語言',
  thanks: '謝謝您！',
  settingUp: '裝置設定中',
  settingUpDetail: '準備完成後，問題會顯示在這裡。',
  waiting: (count) => `${count} 則回答等待儲存`,
  full: '目前無法接受回答',
}
