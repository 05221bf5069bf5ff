import type { NewRecord } from '../../contracts/records.ts'
import { AppError } from '../../shared/errors.ts'
import type { Outbox } from '../../terminal/outbox/outbox.ts'
import { makeBoxPressRecord, makeTouchPressRecord } from '../../terminal/press-record.ts'
import type { PlannedPress } from './plan-terminal.ts'
import type { SimulatedClock } from './simulated-clock.ts'

type PressName = { box: string; boxSeq: number } | { touchId: string }
export type IssuedPress = { name: PressName; value: number; utcMs: number }
/** A press on its way from the box or the page to the daemon. */
export type MadePress = { press: PlannedPress; name: PressName }
export type SimulatedRecordsOptions = {
  clock: SimulatedClock
  /** Id of the present boot. */
  boot: () => string
  storage: () => Outbox
  /** Names the disk, should it be full. */
  folder: string
  question: string
  /** A record was appended. */
  onStored: () => void
}

/** Of NTP over a shop's line. */
const anchorErrorMs = 30
const hourMs = 3_600_000

/** What the daemon writes into its outbox, by its own code. @throws AppError `file-failed` from each where the disk is full */
export function makeSimulatedRecords({ clock, boot, storage, folder, question, onStored }: SimulatedRecordsOptions) {
  const asked = { question, revision: 1, scaleMax: 3 }
  const now = () => ({ boot: boot(), monoMs: clock.monoMs(), wallMs: clock.wallMs() })

  function check(appended: string): void {
    if (appended === 'stored') onStored()
    if (appended === 'full') throw new AppError('file-failed', `${folder}: the disk is full`)
  }
  const append = (record: NewRecord) => check(storage().append(record))

  function appendTouch(touchId: string, press: PlannedPress): void {
    const touch = { id: touchId, question, surveyRevision: 1, value: press.value }
    const ageMs = clock.monoMs() - clock.monoAt(press.utcMs)
    append(makeTouchPressRecord({ ...touch, ageMs }, { clock, boot: boot() }))
  }

  function appendBoxPress(boxId: string, sequence: number, press: PlannedPress): void {
    const button = (4 - press.value) as 1 | 2 | 3 | 4
    const flags = { stuck: false, chord: false }
    const from = { boxId, sequence, button, monoMs: clock.monoAt(press.utcMs), spreadMs: 0, flags }
    check(storage().appendBoxPress({ ...makeBoxPressRecord(from, asked, { clock, boot: boot() }), button }))
  }

  return {
    tellTime: () => append({ ...now(), kind: 'anchor', utcMs: clock.utcMs(), errorMs: anchorErrorMs, clock: 'kernel' }),
    noteAlive: () => append({ ...now(), kind: 'alive', coveredMs: hourMs }),
    handOn({ press, name }: MadePress): void {
      for (let times = press.isHandedTwice ? 2 : 1; times > 0; times -= 1) {
        if ('touchId' in name) appendTouch(name.touchId, press)
        else appendBoxPress(name.box, name.boxSeq, press)
      }
    },
  }
}
