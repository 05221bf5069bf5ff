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
  /** Its time zone data: `behind` those of the central, or `old`, more than a year after theirs; null where it has not told. */
  tzData: Type.Optional(Type.Union([Type.Enum(['current', 'behind', 'old']), Type.Null()])),
  /** How the disk with its records does (WIRE.md §5.6); null where it has not told. */
  storage: Type.Optional(
    Type.Union([
      Type.Object({
        /** Presses are refused, for want of room or because the disk can't be written. */
        refusing: Type.Boolean(),
        ballast: Type.Enum(['held', 'released', 'none']),
        /**
         * Damaged databases that it moved aside, oldest first; `at` by its own clock. `salvaged` null: not read, or not yet; `missing`, of
         * those that were in it, null: nobody can tell how many.
         */
        quarantined: Type.Array(
          Type.Object({
            at: InstantOrNull,
            salvaged: Type.Union([Type.Integer(), Type.Null()]),
            missing: Type.Union([Type.Integer(), Type.Null()]),
          }),
        ),
        schemaCopies: Type.Integer(),
      }),
      Type.Null(),
    ]),
  ),
  /** Where it stands, by name: the touchpoint, and the places above it from the top. */
  touchpointName: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  path: Type.Optional(Type.Array(Type.String())),
  /** Its ledger in short, as it was looked at last; null before the first look. */
  custody: Type.Optional(
    Type.Union([
      Type.Object({
        pressed: Type.Integer(),
        stored: Type.Integer(),
        pending: Type.Integer(),
        /** How many presses, not ranges. */
        missing: Type.Integer(),
        quarantined: Type.Integer(),
        countedTwice: Type.Integer(),
      }),
      Type.Null(),
    ]),
  ),
})
export type TerminalItem = Static<typeof TerminalItem>
export const TerminalList = Type.Object({
  terminals: Type.Array(TerminalItem),
  /** The last comparison of presses with tallies (nightly, or by `smilepost rebuild`): days of touchpoints that differ; null before the first. */
  comparison: Type.Optional(Type.Union([Type.Object({ at: Type.String(), differences: Type.Integer() }), Type.Null()])),
})
export type TerminalList = Static<typeof TerminalList>

const NumberRange = { from: Type.Integer(), to: Type.Integer() }

/**
 * Proof of custody: `missing` = `pressed` − `stored` − `pending` − those of `quarantined` that are stored under no other record, as ranges.
 * Lists hold the newest hundred (of missing ranges ten thousand, of each box those of the highest numbers); the counts are whole.
 */
export const Ledger = Type.Object({
  pressed: Type.Integer(),
  stored: Type.Integer(),
  pending: Type.Integer(),
  /** Numbers of a box, or of the touch presses of the page; `missingCount` is how many presses they are in all, listed or not. */
  missing: Type.Array(
    Type.Object({
      ...NumberRange,
      box: Type.Optional(Type.String()),
      cause: Type.String(),
      /** Since when it is known to be missing. */
      since: Type.Optional(Type.String()),
    }),
  ),
  missingCount: Type.Optional(Type.Integer()),
  /** Came again, stored and not counted. */
  repeated: Type.Integer(),
  quarantined: Type.Integer(),
  /** Of `quarantined`, presses that are stored under no other record; the part that takes from `pressed`. */
  aside: Type.Optional(Type.Integer()),
  /** Presses that were counted more often than boxes gave them; anything but 0 is a fault of the central. */
  countedTwice: Type.Optional(Type.Integer()),
  /** By full boxes: never taken, so in none of the other figures. */
  refused: Type.Integer(),
  /**
   * When the terminal last said what it and its box hold. What came since then is in `stored`, and in `pressed` too; what was pressed since
   * then and has not come yet is in none of the figures, until the terminal speaks again.
   */
  asOf: InstantOrNull,
  /** Stored presses whose time is not known at all (yet), and those whose bound is above 15 minutes. */
  untimed: Type.Optional(Type.Integer()),
  uncertain: Type.Optional(Type.Integer()),
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
  /** How many such ranges there are, listed or not. */
  lostCount: Type.Optional(Type.Integer()),
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
