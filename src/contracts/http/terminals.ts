/** HTTP, `/api/v1/terminals…`. Instants are ISO 8601 in UTC. */
import Type, { type Static } from 'typebox'

const InstantOrNull = Type.Union([Type.String(), Type.Null()])

export const TerminalItem = Type.Object({
  id: Type.String(),
  name: Type.String(),
  touchpoint: Type.Union([Type.String(), Type.Null()]),
  online: Type.Boolean(),
  lastSeenAt: InstantOrNull,
  lastPressAt: InstantOrNull,
  /** Since when two machines are known to speak under its name; its presses are kept and not tallied meanwhile. */
  clonedAt: Type.Optional(InstantOrNull),
  unacknowledged: Type.Union([Type.Integer(), Type.Null()]),
  box: Type.Union([Type.Object({ id: Type.String(), pending: Type.Integer(), dropped: Type.Integer() }), Type.Null()]),
  versions: Type.Record(Type.String(), Type.String()),
})
export type TerminalItem = Static<typeof TerminalItem>
export const TerminalList = Type.Object({ terminals: Type.Array(TerminalItem) })
export type TerminalList = Static<typeof TerminalList>

/** Proof of custody: `missing` = `pressed` − `stored` − `pending` − `quarantined`, as ranges. */
export const Ledger = Type.Object({
  pressed: Type.Integer(),
  stored: Type.Integer(),
  pending: Type.Integer(),
  missing: Type.Array(Type.Object({ from: Type.Integer(), to: Type.Integer(), cause: Type.String() })),
  repeated: Type.Integer(),
  quarantined: Type.Integer(),
  refused: Type.Integer(),
  asOf: InstantOrNull,
})
export type Ledger = Static<typeof Ledger>
