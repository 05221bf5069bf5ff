import type { BoxPress } from '../../firmware-bridge/serial/answer-press.ts'
import type { TouchPress } from '../contracts/http/kiosk.ts'
import type { NewRecord } from '../contracts/records.ts'
import type { BoxWatch } from './box-watch.ts'
import { makeBoxPressRecord, makeTouchPressRecord, type PressRecordContext } from './press-record.ts'
import type { SurveyInForce } from './survey-in-force.ts'

type BoxPressRecord = ReturnType<typeof makeBoxPressRecord> & { button: BoxPress['button'] }
type Appended = 'stored' | 'repeat' | 'full'

export type PressIntakeOptions = {
  /** Returns after the COMMIT. */
  append: (record: NewRecord) => Appended
  /** Likewise; `reused`: the name belongs to another press. */
  appendBoxPress: (record: BoxPressRecord) => Appended | 'reused'
  survey: SurveyInForce
  watch: BoxWatch
  context: PressRecordContext
  /** A press of the box was stored for the first time. */
  onBoxPress: (value: number) => void
  /** A button got stuck or came free. */
  onButtonChange: () => void
}

/** Turns presses, of the box and of the glass, into records; what it answers may be acknowledged. */
export type PressIntake = {
  takeBoxPress(press: BoxPress): 'stored' | 'full' | 'reused'
  takeTouchPress(press: TouchPress): Appended
}

export function makePressIntake(options: PressIntakeOptions): PressIntake {
  const { append, appendBoxPress, survey, watch, context, onBoxPress, onButtonChange } = options
  return {
    takeBoxPress(press) {
      const record = makeBoxPressRecord(press, survey.asked(), context)
      const appended = appendBoxPress({ ...record, button: press.button })
      if (appended === 'reused') return appended
      if (watch.notePress(press)) onButtonChange()
      // A stuck button is no press (PROTOCOL.md): nobody is thanked for it.
      if (appended === 'stored' && !press.flags.stuck) onBoxPress(record.value)
      return appended === 'full' ? 'full' : 'stored'
    },
    takeTouchPress: (press) => append(makeTouchPressRecord(press, context)),
  }
}
