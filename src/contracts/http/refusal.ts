/** Why accounts did not do what was asked; `detail` says what to do about it. */
export type Refusal = {
  ok: false
  reason:
    | 'bad-field'
    | 'wrong-credentials'
    | 'link-gone'
    | 'unknown'
    | 'conflict'
    | 'stale'
    | 'busy'
    | 'not-set-up'
    | 'refused'
  detail: string
  /** The body's field that is at fault, and a word for its fault. */
  field?: string
  code?: string
}
