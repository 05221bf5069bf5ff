import { AppError } from '../../shared/errors.ts'
import { cleanText } from './clean-text.ts'
import { placeIn, type Row, textOf } from './split-rows.ts'

/** What a file that is no comma-separated UTF-8 most likely is. */
function guessFormat(text: string): string {
  if (text.includes('\ufffd')) return '; save the file as CSV in UTF-8'
  if (/[;\t]/.test(text)) return '; columns are separated by commas'
  return ''
}

/**
 * The places of columns by the names in a header; upper and lower case are the same.
 *
 * @returns per wanted name its field, -1 for one of `optional` that is not there
 * @throws AppError naming file, line and column when one is missing or stands there twice
 */
export function findColumns<Name extends string>(
  file: string,
  header: Row,
  required: readonly Name[],
  optional: readonly Name[],
): Record<Name, number> {
  const names = Array.from({ length: header.fields }, (_, i) => textOf(header, i).toLowerCase())
  const fail = (field: number, message: string): never => {
    const { line, column } = placeIn(header, header.starts[field] ?? header.start)
    throw new AppError('file-failed', `${file}:${line}:${column}: ${message}`)
  }
  const places = [...required, ...optional].map((name): [Name, number] => {
    const field = names.indexOf(name)
    const again = names.indexOf(name, field + 1)
    if (field !== -1 && again !== -1) fail(again, `the header names the column "${name}" twice`)
    if (field === -1 && required.includes(name)) {
      const listed = names.join(', ').slice(0, 100)
      fail(0, `the header has no column "${name}" (it has: ${cleanText(listed)})${guessFormat(listed)}`)
    }
    return [name, field]
  })
  return Object.fromEntries(places) as Record<Name, number>
}
