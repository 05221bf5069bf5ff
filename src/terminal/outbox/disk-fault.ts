/**
 * Whether SQLite could not write because of the disk: full, failing, or gone read-only. The transaction is rolled back then and
 * everything committed before stands, so that the program may go on and refuse presses until there is room again.
 */
export function isDiskFault(error: unknown): error is Error & { code: string } {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' && /^SQLITE_(FULL|IOERR|READONLY)/.test(code)
}
