/** The link alone on stdout, so that it can be piped on; what to know about it on stderr. */
export function showLink({ url, expiresAt }: { url: string; expiresAt: string }, note: string, isJson = false): void {
  if (isJson) {
    process.stdout.write(`${JSON.stringify({ url, expiresAt })}\n`)
    return
  }
  process.stderr.write(`${note}\n`)
  if (url.includes(':PORT/'))
    process.stderr.write('Put the port that the service printed at its start in place of PORT.\n')
  process.stdout.write(`${url}\n`)
}
