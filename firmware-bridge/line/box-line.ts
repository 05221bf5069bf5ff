/** The lines of PROTOCOL.md as values: what the box says (§5) and what the host says (§6). */

export type ButtonNumber = 1 | 2 | 3 | 4
/** PROTOCOL.md §15.1 */
export type ResetCause = 'unknown' | 'power-on' | 'reset-pin' | 'brown-out' | 'watchdog'
/** PROTOCOL.md §6, `L` */
export type LightMode = 'normal' | 'dim' | 'quiet'

export type HelloLine = {
  type: 'hello'
  boxId: string
  /** Higher after each boot of the box. */
  bootNumber: number
  resetCause: ResetCause
  /** The sequence of the press that will be committed next; one less have been committed for ever. */
  nextSequence: number
  /** Committed and not acknowledged, 0 … 124. */
  pending: number
  /** Presses refused since this boot. */
  dropped: number
  /** Bad lines seen since this boot. */
  bad: number
  /** Since this boot; wraps after 49.7 days. */
  boxNowMs: number
  firmware: string
}

export type PressLine = {
  type: 'press'
  boxId: string
  sequence: number
  button: ButtonNumber
  /** From the press to the building of this line; null when the press is older than this boot. */
  ageMs: number | null
  flags: PressFlags
}

export type PressFlags = {
  /** No press but the notice that the button has been held for 10 s. */
  stuck: boolean
  /** Another button within 30 ms. */
  chord: boolean
}

type NoIdentityLine = { type: 'no-identity' }
export type BoxLine = HelloLine | PressLine | NoIdentityLine

type WakeLine = { type: 'wake' }
export type AckLine = { type: 'ack'; boxId: string; sequence: number; status: 'committed' | 'cannot-store' }
export type SetIdentityLine = { type: 'set-identity'; boxId: string }
export type LightsLine = { type: 'lights'; mode: LightMode }
export type HostLine = WakeLine | AckLine | SetIdentityLine | LightsLine

/** PROTOCOL.md §8, in the order in which a line is checked. */
export const refusalReasons = [
  'empty',
  'too-long',
  'bytes',
  'frame',
  'crc',
  'type',
  'version',
  'fields',
  'field',
] as const
export type RefusalReason = (typeof refusalReasons)[number]

/** A line with its newline (PROTOCOL.md §2.3). */
export const maxLineBytes = 96
export const protocolVersion = 1
/** An age that stopped counting: at least this long (PROTOCOL.md §5.2). */
export const ageCeilingMs = 0xffff_ffff

/** Index = code on the line (PROTOCOL.md §15.1). */
export const resetCauses: readonly ResetCause[] = ['unknown', 'power-on', 'reset-pin', 'brown-out', 'watchdog']
/** Index = code on the line (PROTOCOL.md §6). */
export const lightModes: readonly LightMode[] = ['normal', 'dim', 'quiet']
