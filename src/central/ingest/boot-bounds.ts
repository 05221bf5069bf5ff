import type { BootSpan } from '../store/port.ts'
import { contradictionMs, driftPpm } from './press-time.ts'

const drift = driftPpm / 1_000_000

/** The least time that passed from the first record of a boot to its last. */
export const leastLengthMs = ({ firstMonoMs, lastMonoMs }: BootSpan): number => (lastMonoMs - firstMonoMs) * (1 - drift)

/** How far apart the bounds of a boot are; null while one is missing. */
export const widthMs = ({ fromMs, toMs }: BootSpan): number | null => (fromMs === null ? null : toMs - fromMs)

/** Something that the bounds were concluded from is not so. */
export const isContradicting = (span: BootSpan): boolean => (widthMs(span) ?? 0) < -contradictionMs

/**
 * Before and after which a moment of a boot can't lie, by the bounds of the boot's first record.
 *
 * @param monoMs not before the first record
 */
export function boundMoment(span: BootSpan, monoMs: number): { earliestMs: number | null; latestMs: number } {
  const sinceMs = monoMs - span.firstMonoMs
  return {
    earliestMs: span.fromMs === null ? null : Math.floor(span.fromMs + sinceMs * (1 - drift)),
    latestMs: Math.ceil(span.toMs + sinceMs * (1 + drift)),
  }
}

/** A boot that is not over before its last record: `endMs` bounds that from above. */
export const endBy = (span: BootSpan, endMs: number): BootSpan => ({
  ...span,
  toMs: Math.min(span.toMs, Math.ceil(endMs - leastLengthMs(span))),
})

/** A moment of a boot was not before `earliestMs`. Where that contradicts what is known already it is not believed. */
export function beginFrom(span: BootSpan, monoMs: number, earliestMs: number): BootSpan {
  const fromMs = Math.floor(earliestMs - (monoMs - span.firstMonoMs) * (1 + drift))
  return fromMs > span.toMs + contradictionMs || fromMs <= (span.fromMs ?? Number.NEGATIVE_INFINITY)
    ? span
    : { ...span, fromMs }
}

/** With a record from `monoMs` on, received at `receivedAtMs`. */
export function extendSpan(span: BootSpan, monoMs: number, receivedAtMs: number): BootSpan {
  const earlierMs = Math.max(0, span.firstMonoMs - monoMs)
  const wider = {
    ...span,
    firstMonoMs: Math.min(span.firstMonoMs, monoMs),
    lastMonoMs: Math.max(span.lastMonoMs, monoMs),
    fromMs: span.fromMs === null ? null : Math.floor(span.fromMs - earlierMs * (1 + drift)),
    toMs: Math.ceil(span.toMs - earlierMs * (1 - drift)),
  }
  const toMs = Math.ceil(receivedAtMs - (monoMs - wider.firstMonoMs) * (1 - drift))
  return { ...wider, toMs: Math.min(wider.toMs, toMs) }
}
