import type { BoxPress } from '../../firmware-bridge/serial/answer-press.ts'
import type { TouchPress } from '../contracts/http/kiosk.ts'
import type { NewRecord } from '../contracts/records.ts'
import type { Clock } from '../shared/clock.ts'
import type { AskedQuestion } from './survey-in-force.ts'

export type PressRecordContext = { clock: Clock; boot: string }
type Moment = Pick<NewRecord, 'boot' | 'monoMs' | 'wallMs'> & { spreadMs: number | null }

/**
 * A press that is older than this boot is put at the boot's first moment, its spread reaching back to when it happened: `monoMs`
 * counts within one boot and is never negative on wires.
 */
function placeInBoot(monoMs: number, spreadMs: number | null, { clock, boot }: PressRecordContext): Moment {
  const placedMs = Math.max(0, monoMs)
  return {
    boot,
    monoMs: placedMs,
    wallMs: clock.wallMs() - (clock.monoMs() - placedMs),
    spreadMs: spreadMs === null ? null : spreadMs + (placedMs - monoMs),
  }
}

/**
 * Button 1 (very happy) is the scale's best, button 4 its worst; four faces have 3 … 0.
 * On another scale the four buttons keep both ends and spread between them.
 */
export function valueOfButton(button: BoxPress['button'], scaleMax: number): number {
  return Math.round((scaleMax * (4 - button)) / 3)
}

export function makeBoxPressRecord(press: BoxPress, asked: AskedQuestion, context: PressRecordContext) {
  const moment = placeInBoot(press.monoMs, press.spreadMs, context)
  return {
    kind: 'press',
    boot: moment.boot,
    monoMs: moment.monoMs,
    wallMs: moment.wallMs,
    spreadMs: moment.spreadMs,
    question: asked.question,
    surveyRevision: asked.revision,
    value: valueOfButton(press.button, asked.scaleMax),
    // PROTOCOL.md, flags: bit 0 stuck, bit 1 chord.
    flags: (press.flags.stuck ? 1 : 0) + (press.flags.chord ? 2 : 0),
    source: 'box',
    box: press.boxId,
    boxSeq: press.sequence,
  } as const satisfies NewRecord
}

export function makeTouchPressRecord(press: TouchPress, context: PressRecordContext) {
  return {
    kind: 'press',
    ...placeInBoot(context.clock.monoMs() - press.ageMs, 0, context),
    question: press.question,
    surveyRevision: press.surveyRevision,
    value: press.value,
    flags: 0,
    source: 'touch',
    touchId: press.id,
  } as const satisfies NewRecord
}
