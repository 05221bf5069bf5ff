/** Errors of every HTTP interface: problem details, RFC 9457, `application/problem+json`. */
import Type, { type Static } from 'typebox'

/** `code` is a word for programs, `detail` a phrase that follows the field's name. */
const FieldFault = Type.Object({ field: Type.String(), code: Type.String(), detail: Type.String() })
export type FieldFault = Static<typeof FieldFault>

export const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  /** What is wrong with this request and what to do about it. */
  detail: Type.String(),
  /** Of a body: each fault at its field. */
  errors: Type.Optional(Type.Array(FieldFault)),
})
export type Problem = Static<typeof Problem>
