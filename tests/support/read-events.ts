/** Server-sent events of one name, in order. */
export async function readEvents<T>(url: string, name: string): Promise<{ next(): Promise<T>; close(): void }> {
  const abort = new AbortController()
  const answer = await fetch(url, { signal: abort.signal, headers: { accept: 'text/event-stream' } })
  if (!answer.ok || !answer.body) throw new Error(`${url} answered ${answer.status}`)
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  async function next(): Promise<T> {
    for (;;) {
      const end = text.indexOf('\n\n')
      if (end < 0) {
        const { value, done } = await reader.read()
        if (done) throw new Error(`${url} ended`)
        text += value
        continue
      }
      const lines = text.slice(0, end).split('\n')
      text = text.slice(end + 2)
      const body = lines.find((line) => line.startsWith('data: '))
      if (lines.includes(`event: ${name}`) && body) return JSON.parse(body.slice(6)) as T
    }
  }
  return { next, close: () => abort.abort() }
}
