import type { LiveCount } from '../../contracts/http/touchpoints.ts'

export type LiveLink = 'connecting' | 'live' | 'lost'

/**
 * Follows a touchpoint's live count until the returned function is called.
 *
 * A broken connection is opened again by the browser; one that the server refused (restart, proxy) is closed for good
 * by the standard, so that case is retried here.
 */
export function openLive(
  touchpoint: string,
  onCount: (count: LiveCount) => void,
  onLink: (link: LiveLink) => void,
  retryMs = 3_000,
): () => void {
  let source: EventSource | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  const open = () => {
    source = new EventSource(`/api/v1/touchpoints/${encodeURIComponent(touchpoint)}/live`)
    source.addEventListener('open', () => onLink('live'))
    source.addEventListener('live', (event) => {
      onLink('live')
      const count: LiveCount = JSON.parse(event.data)
      onCount(count)
    })
    source.addEventListener('error', () => {
      onLink('lost')
      if (source?.readyState === EventSource.CLOSED) timer = setTimeout(open, retryMs)
    })
  }
  open()
  return () => {
    clearTimeout(timer)
    source?.close()
  }
}
