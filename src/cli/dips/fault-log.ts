import { AppError } from '../../shared/errors.ts'

/** What can be wrong with a row of a press file. */
export type PressFault =
  | 'quotes'
  | 'row length'
  | 'number of columns'
  | 'header again'
  | 'unknown terminal'
  | 'time'
  | 'time without offset'
  | 'time outside 2000–2100'
  | 'button'

type Place = { line: number; column: number }

export type FaultLog = {
  /** @throws AppError in strict mode */
  note(kind: PressFault, place: Place, message: string): void
  /** rows left out so far */
  skipped(): number
  /** how many by kind, most first; empty when there were none */
  summary(): string
}

const mostPrinted = 10

/**
 * Counts bad rows and prints the first few; a file of ten million bad rows does not fill anybody's screen.
 *
 * @param isStrict the first bad row ends everything
 */
export function makeFaultLog(file: string, isStrict: boolean, print: (line: string) => void): FaultLog {
  const counts = new Map<PressFault, number>()
  let skipped = 0
  return {
    note(kind, { line, column }, message) {
      const text = `${file}:${line}:${column}: ${message}`
      if (isStrict) throw new AppError('file-failed', text)
      counts.set(kind, (counts.get(kind) ?? 0) + 1)
      skipped++
      if (skipped <= mostPrinted) print(text)
    },
    skipped: () => skipped,
    summary: () =>
      [...counts]
        .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
        .map(([kind, count]) => `${count} × ${kind}`)
        .join(', '),
  }
}
