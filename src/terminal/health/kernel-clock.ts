import { statSync } from 'node:fs'
import type { Clock } from '../../shared/clock.ts'

/** What the kernel's clock is worth now: the truth lies within `errorMs` of it; null where it is not known to be synchronised. */
export type KernelClock = () => { errorMs: number } | null

/** systemd-timesyncd touches it at each synchronisation, so that its time is that of the last one; /run is empty after a boot. */
const timesyncdPath = '/run/systemd/timesync/synchronized'
/** SNTP over the internet errs by tens of ms. */
const syncedErrorMs = 1_000
/** A crystal without correction; timesyncd asks again after at most 2,048 s, and not at all once the network is gone. */
const driftPpm = 100

/**
 * Tells from systemd-timesyncd's file whether the clock may be believed, and how far.
 *
 * It can't know of other programs that set the clock: under chrony or ntpd, which leave no such file, the kernel passes for not
 * synchronised, and the exchange with the central alone tells the time. Nor does it see the kernel's own estimate (adjtimex), for which
 * Node has no call. A clock that was set by hand after the last synchronisation is noticed by its leap against the monotonic one, unless
 * that was before this program began.
 */
export function makeKernelClock(clock: Clock, path: string = timesyncdPath): KernelClock {
  let seen: { syncedAtMs: number; offsetMs: number } | null = null
  return () => {
    const syncedAtMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs
    if (syncedAtMs === undefined) return null
    const wallMs = clock.wallMs()
    const offsetMs = wallMs - clock.monoMs()
    if (seen?.syncedAtMs !== syncedAtMs) seen = { syncedAtMs, offsetMs }
    const ageMs = wallMs - syncedAtMs
    const errorMs = syncedErrorMs + Math.ceil((Math.max(0, ageMs) * driftPpm) / 1_000_000)
    const isSetSince = ageMs < -syncedErrorMs || Math.abs(offsetMs - seen.offsetMs) > errorMs
    return isSetSince ? null : { errorMs }
  }
}
