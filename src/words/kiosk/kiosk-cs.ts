import type { KioskWords } from './kiosk-en.ts'

export const kioskCs: KioskWords = {
  moods: {
    'very-happy': 'Velmi spokojeně',
    happy: 'Spokojeně',
    neutral: 'Něco mezi',
    unhappy: 'Nespokojeně',
    'very-unhappy': 'Velmi nespokojeně',
  },
  answers: 'Vaše odpověď',
  languages: 'Jazyk',
  thanks: 'Děkujeme!',
  settingUp: 'Terminál se připravuje',
  settingUpDetail: 'Otázka se zde objeví, jakmile bude vše hotové.',
  waiting: (count) => {
    if (count === 1) return '1 odpověď čeká na uložení'
    return count < 5 ? `${count} odpovědi čekají na uložení` : `${count} odpovědí čeká na uložení`
  },
  full: 'Odpovědi teď nelze přijímat',
}
