import type { Failure } from './fetch-json.ts'
import { Link } from './link.tsx'
import { useReader } from './reader.ts'

/** Keeps the place of what is on its way. */
export function Loading({ tall = false }: { tall?: boolean }) {
  const { words } = useReader()
  return (
    <div class={tall ? 'loading loading-tall' : 'loading'} role="status">
      <span class="visually-hidden">{words.states.loading}</span>
    </div>
  )
}

/** What went wrong and what to do about it. */
export function Failed({ failure, retry }: { failure: Failure; retry: () => void }) {
  const { words } = useReader()
  const detail = failure.kind === 'unreachable' ? words.states.unreachable : failure.detail
  return (
    <div class="notice notice-bad" role="alert">
      <h2>{words.states.errorTitle}</h2>
      {detail && <p>{detail}</p>}
      <button type="button" class="button" onClick={retry}>
        {words.states.retry}
      </button>
    </div>
  )
}

/** @param wanted what was looked for, where that is known, and where there is more of its kind */
export function NotFound({ wanted }: { wanted?: { text: string; backTo: string; back: string } }) {
  const { words } = useReader()
  return (
    <div class="notice">
      <h1>{words.states.notFoundTitle}</h1>
      <p>{wanted?.text ?? words.states.notFound}</p>
      <Link href={wanted?.backTo ?? '/'} class="button">
        {wanted?.back ?? words.states.backHome}
      </Link>
    </div>
  )
}
