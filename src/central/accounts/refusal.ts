import type { Refusal } from '../../contracts/http/refusal.ts'

export const refuse = (reason: Refusal['reason'], detail: string): Refusal => ({ ok: false, reason, detail })

export const refuseField = (field: string, code: string, detail: string): Refusal => ({
  ...{ ok: false, reason: 'bad-field', field, code, detail },
})

export const busy: Refusal = {
  ...{ ok: false, reason: 'busy', detail: 'Too many people are signing in at this moment; try again in some seconds.' },
}
