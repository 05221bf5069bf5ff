/** What people set up, as the store keeps it and the rooms see it: places, touchpoints, questions, terminals and where they stand. */

export type Place = { id: string; parent: string | null; name: string; kind: 'chain' | 'region' | 'store' }

/** Opening hours on one ISO weekday (1 = Monday), minutes of the local day; `close` ≤ `open` means past midnight. */
export type OpeningInterval = { weekday: number; openMinute: number; closeMinute: number }
/** A weekly timetable in force from a local date on. No timetable at all means always open; an empty one, never. */
export type OpeningHours = { validFrom: string; intervals: OpeningInterval[] }
/** A single date that differs; no intervals means closed. */
type OpeningException = { date: string; intervals: Omit<OpeningInterval, 'weekday'>[] }

/** Brightness of the box, and when it is dark but for the answer to a press; `weekdays` on which an interval begins, `HH:MM`. */
type TouchpointLights = {
  brightness: 'normal' | 'dim'
  quiet: { weekdays: number[]; from: string; to: string }[]
}

export type Touchpoint = {
  id: string
  place: string
  name: string
  /** IANA zone. */
  zone: string
  question: string
  openingHours: OpeningHours[]
  exceptions: OpeningException[]
  /** null: normal brightness, never quiet. */
  lights: TouchpointLights | null
}

/** One revision of a question. `texts` in display order, the first being the default language. */
export type Survey = {
  question: string
  revision: number
  scaleMax: number
  texts: { language: string; text: string }[]
}

export type Terminal = { id: string; secretHash: string; createdAtMs: number; name: string }
/** From `fromMs` (inclusive) to `toMs` (exclusive); a terminal stands at one touchpoint at a time, named by (terminal, fromMs). */
export type Placement = { terminal: string; touchpoint: string; fromMs: number; toMs: number | null }

/**
 * Everything that people set up, as one picture. The same object comes back while nothing of it changed, whoever wrote
 * (the command line writes beside the running service), so that a room may keep what it derives from it.
 */
export type Catalogue = {
  /** Rises with each change. */
  rev: number
  places: readonly Place[]
  touchpoints: ReadonlyMap<string, Touchpoint>
  /** Every revision of every question, ascending. */
  surveys: ReadonlyMap<string, readonly Survey[]>
  /** By terminal, ascending by `fromMs`. */
  placements: ReadonlyMap<string, readonly Placement[]>
}
