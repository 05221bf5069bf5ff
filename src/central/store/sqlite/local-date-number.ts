/** A hundred years of dates. */
const maxKept = 36_525
const texts = new Map<number, string>()
const numbers = new Map<string, number>()

/** A local date as the integer YYYYMMDD, which sorts like the text. */
export function localDateNumber(localDate: string): number {
  const known = numbers.get(localDate)
  if (known !== undefined) return known
  const number = Number(localDate.slice(0, 4) + localDate.slice(5, 7) + localDate.slice(8, 10))
  if (numbers.size < maxKept) numbers.set(localDate, number)
  return number
}

export function localDateText(date: number): string {
  const known = texts.get(date)
  if (known !== undefined) return known
  const text = makeText(date)
  if (texts.size < maxKept) texts.set(date, text)
  return text
}

function makeText(date: number): string {
  const digits = String(date).padStart(8, '0')
  return `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6, 8)}`
}
