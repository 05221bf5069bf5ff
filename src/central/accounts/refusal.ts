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

export const refuse = (reason: Refusal['reason'], detail: string): Refusal => ({ ok: false, reason, detail })

export const refuseField = (field: string, code: string, detail: string): Refusal => ({
  ...{ ok: false, reason: 'bad-field', field, code, detail },
})

export const busy: Refusal = {
  ...{ ok: false, reason: 'busy', detail: 'Too many people are signing in at this moment; try again in some seconds.' },
}
