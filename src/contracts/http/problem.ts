/** Errors of every HTTP interface: problem details, RFC 9457, `application/problem+json`. */
import Type, { type Static } from 'typebox'

export const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  /** What is wrong with this request and what to do about it. */
  detail: Type.String(),
})
export type Problem = Static<typeof Problem>
