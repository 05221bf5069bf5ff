/**
 * The batch: up to 200 records of one epoch, in columns (about 12 bytes a press where an object each takes 150).
 *
 * Common columns have one entry a record (`kinds`, `boots` run-length; `mono`, `wall` first value, then differences;
 * wall is counted from mono, so that it is nearly constant). The columns of a kind have one entry for each record of that kind, in order.
 * `hash` is the last member: the first 16 hex digits of the SHA-256 over the payload's bytes before `,"hash":`.
 */
import Type, { type Static } from 'typebox'
import { BootId, BoxId, BoxSeq, CountInteger, Epoch, EpochMs, QuestionId, Sequence, TouchId } from './identities.ts'
import { maxBatchRecords, maxLostRanges } from './limits.ts'

const RunCount = Type.Integer({ minimum: 1, maximum: maxBatchRecords })
const perRecord = { maxItems: maxBatchRecords }
const Kind = Type.Union([
  Type.Literal('press'),
  Type.Literal('answer'),
  Type.Literal('anchor'),
  Type.Literal('tick'),
  Type.Literal('alive'),
])

/** A range this terminal no longer has; the central records it as missing and moves its mark past it. */
export const Lost = Type.Object({
  epoch: Epoch,
  from: Sequence,
  to: Sequence,
  cause: Type.Union([Type.Literal('trimmed'), Type.Literal('corrupt'), Type.Literal('poison')]),
})
export type Lost = Static<typeof Lost>

export const PressColumns = Type.Object({
  values: Type.Array(Type.Integer({ minimum: 0, maximum: 255 }), perRecord),
  surveys: Type.Array(Type.Tuple([QuestionId, Sequence, RunCount]), perRecord),
  sources: Type.Array(Type.Tuple([Type.Union([Type.Literal('box'), Type.Literal('touch')]), RunCount]), perRecord),
  boxes: Type.Array(Type.Tuple([BoxId, BoxSeq, RunCount]), perRecord),
  touchIds: Type.Array(TouchId, perRecord),
  spreads: Type.Array(Type.Tuple([Type.Union([CountInteger, Type.Null()]), RunCount]), perRecord),
  flags: Type.Array(Type.Tuple([Type.Integer({ minimum: 0, maximum: 255 }), RunCount]), perRecord),
})
export type PressColumns = Static<typeof PressColumns>

export const BatchMessage = Type.Object({
  epoch: Epoch,
  /** Sequence of the first record. */
  first: Sequence,
  count: Type.Integer({ minimum: 0, maximum: maxBatchRecords }),
  kinds: Type.Array(Type.Tuple([Kind, RunCount]), perRecord),
  boots: Type.Array(Type.Tuple([BootId, RunCount]), perRecord),
  mono: Type.Array(EpochMs, perRecord),
  wall: Type.Array(EpochMs, perRecord),
  press: Type.Optional(PressColumns),
  answers: Type.Optional(
    Type.Array(Type.Tuple([TouchId, QuestionId, Type.Integer({ minimum: 0, maximum: 255 })]), perRecord),
  ),
  anchors: Type.Optional(
    Type.Array(
      Type.Tuple([EpochMs, CountInteger, Type.Union([Type.Literal('kernel'), Type.Literal('exchange')])]),
      perRecord,
    ),
  ),
  alive: Type.Optional(Type.Array(CountInteger, perRecord)),
  lost: Type.Optional(Type.Array(Lost, { maxItems: maxLostRanges })),
  hash: Type.String({ pattern: '^[0-9a-f]{16}$' }),
})
export type BatchMessage = Static<typeof BatchMessage>
