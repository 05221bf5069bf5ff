import type { Static } from 'typebox'
import type { BoxState, Health, Storage, Versions, Waiting } from '../../contracts/messages.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Machine } from './machine.ts'

/** What the other rooms know; main.ts asks them. */
export type HealthSources = {
  epoch: () => string
  /** `rev` of the configuration in force, 0 for none. */
  rev: () => number
  waiting: () => Waiting | 'unreadable' | null
  undelivered: () => { count: number; oldestAgeMs: number | null }
  box: () => Static<typeof BoxState> | null
  touchIssued: () => number
  sizes: () => { databaseBytes: number; walBytes: number }
  clockState: () => Health['clock']
  serial: () => Record<string, number>
  boxResets: () => number
  stuckButtons: () => number[]
  versions: () => Static<typeof Versions>
  storage: () => Storage
}

/** Makes the function that draws one health report up, all but its nonce. */
export function makeHealthGatherer(
  { machine, clock, boot }: { machine: Machine; clock: Clock; boot: string },
  sources: HealthSources,
): () => Promise<Omit<Health, 'nonce'>> {
  return async () => {
    const [diskFreeBytes, cpuTemperatureC, undervoltage] = await Promise.all([
      machine.diskFreeBytes(),
      machine.cpuTemperatureC(),
      machine.undervoltage(),
    ])
    const { count, oldestAgeMs } = sources.undelivered()
    const waiting = sources.waiting()
    return {
      epoch: sources.epoch(),
      boot,
      monoMs: clock.monoMs(),
      rev: sources.rev(),
      unacknowledged: count,
      oldestAgeMs,
      box: sources.box(),
      touchIssued: sources.touchIssued(),
      diskFreeBytes,
      ...sources.sizes(),
      cpuTemperatureC,
      undervoltage,
      clock: sources.clockState(),
      serial: sources.serial(),
      boxResets: sources.boxResets(),
      stuckButtons: sources.stuckButtons(),
      versions: sources.versions(),
      ...(waiting === 'unreadable' ? { unreadable: true } : waiting && { waiting }),
      storage: sources.storage(),
    }
  }
}
