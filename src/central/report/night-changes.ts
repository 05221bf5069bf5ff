import type { Clock } from '../../shared/clock.ts'
import type { TouchpointHour } from '../../shared/first-hours.ts'
import type { Catalogue } from '../store/catalogue.ts'
import { businessSlot } from './business-day.ts'
import { dayStartOf } from './day-start.ts'

/** What changed since nights were last run. */
export type NightChanges = {
  /** @returns false where it concerns no night that was run, or is being run */
  noteTallies(first: TouchpointHour): boolean
  noteFixes(): void
  /** @param night the business date of one that was run, or is being run */
  noteNight(night: string): void
  /** As it is now. */
  noteCatalogue(catalogue: Catalogue): void
  /** Whether anything changed that no run has seen. */
  areUnseen(): boolean
  /** To be called when a run begins: what it is going to see. */
  take(): { changedFrom: string | null; seen(): void; putBack(): void }
}

export function makeNightChanges(clock: Clock): NightChanges {
  /** Empty while nobody knows. */
  let newestDate = ''
  let catalogue: Catalogue | null = null
  /** Raised with each change; `seen` is how many of them a run has seen. */
  let changes = 0
  let seen = 0
  /** Business date, of changes of tallies that no run has taken. */
  let changedFrom: string | null = null

  /** Of an always open touchpoint, the small hours belong to the day before. */
  function businessDateOf({ touchpoint, localDate, hour }: TouchpointHour): string {
    const found = catalogue?.touchpoints.get(touchpoint)
    const today = new Date(clock.wallMs()).toISOString().slice(0, 10)
    return found ? businessSlot(localDate, hour, dayStartOf(found, today)).date : localDate
  }

  function changeFrom(date: string): void {
    if (changedFrom === null || date < changedFrom) changedFrom = date
  }

  return {
    noteTallies(first) {
      const date = businessDateOf(first)
      if (newestDate !== '' && date > newestDate) return false
      changes += 1
      changeFrom(date)
      return true
    },
    noteFixes() {
      changes += 1
    },
    noteNight(night) {
      newestDate = night
    },
    noteCatalogue(now) {
      catalogue = now
    },
    areUnseen: () => seen < changes,
    take() {
      const [upTo, from] = [changes, changedFrom]
      changedFrom = null
      return {
        changedFrom: from,
        seen() {
          seen = upTo
        },
        putBack() {
          if (from !== null) changeFrom(from)
        },
      }
    },
  }
}
