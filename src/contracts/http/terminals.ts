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

const NumberRange = { from: Type.Integer(), to: Type.Integer() }

/**
 * Proof of custody: `missing` = `pressed` − `stored` − `pending` − those of `quarantined` that are stored under no other record, as ranges.
 * Lists hold the newest hundred; the counts are whole.
 */
export const Ledger = Type.Object({
  pressed: Type.Integer(),
  stored: Type.Integer(),
  pending: Type.Integer(),
  /** Numbers of a box, or of the touch presses of the page. */
  missing: Type.Array(Type.Object({ ...NumberRange, box: Type.Optional(Type.String()), cause: Type.String() })),
  repeated: Type.Integer(),
  quarantined: Type.Integer(),
  refused: Type.Integer(),
  asOf: InstantOrNull,
  /** Records that the central will never accept, presses or not. */
  rejected: Type.Optional(Type.Integer()),
  /** Stored presses in no tally, since their terminal stood nowhere or is cloned. */
  unplaced: Type.Optional(Type.Integer()),
  clonedAt: Type.Optional(InstantOrNull),
  /** Pending presses of boxes; `unheard`: with a terminal that has not spoken since it may have taken them. */
  waiting: Type.Optional(
    Type.Array(
      Type.Object({
        ...NumberRange,
        box: Type.String(),
        at: Type.Union([Type.Literal('box'), Type.Literal('outbox'), Type.Literal('unheard')]),
      }),
    ),
  ),
  /** Records that the terminal no longer had, whatever they were, newest first. */
  lost: Type.Optional(
    Type.Array(Type.Object({ ...NumberRange, epoch: Type.String(), cause: Type.String(), at: Type.String() })),
  ),
  /** Records that came again with another content: both contents, newest first. */
  conflicts: Type.Optional(
    Type.Array(
      Type.Object({
        epoch: Type.String(),
        sequence: Type.Integer(),
        stored: Type.Unknown(),
        arrived: Type.Unknown(),
        at: Type.String(),
      }),
    ),
  ),
})
export type Ledger = Static<typeof Ledger>
