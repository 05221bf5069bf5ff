import { resolve } from 'node:path'
import type { DaemonState } from '../contracts/http/kiosk.ts'
import type { NewRecord } from '../contracts/records.ts'
import type { Clock } from '../shared/clock.ts'
import type { Uplink } from './uplink/uplink.ts'

export type DaemonStateOptions = {
  terminal: string
  dataFolder: string
  clock: Clock
  epoch: () => string
  uplink: Pick<Uplink, 'state' | 'isConnected'>
  clockState: () => DaemonState['clock']['state']
  storage: () => DaemonState['storage']
}

/** What `smilepost doctor` is told of the running daemon. */
export function makeDaemonState(options: DaemonStateOptions): {
  /** Anchors of the exchange tell how far this machine's clock is off. */
  noteRecord(record: NewRecord): void
  read(): DaemonState
} {
  const { terminal, dataFolder, clock, epoch, uplink, clockState, storage } = options
  const startedAtMs = clock.monoMs()
  const since = (atMs: number) => Math.max(0, clock.monoMs() - atMs)
  let anchor: Extract<NewRecord, { kind: 'anchor' }> | null = null

  function readBroker(): DaemonState['broker'] {
    const { url, answeredAtMs, failure } = uplink.state()
    const answeredAgoMs = answeredAtMs === null ? null : since(answeredAtMs)
    if (!failure) return { url, welcomed: uplink.isConnected(), answeredAgoMs, failure }
    const { atMs, ...told } = failure
    return { url, welcomed: uplink.isConnected(), answeredAgoMs, failure: { ...told, agoMs: since(atMs) } }
  }

  function readExchange(): DaemonState['clock']['exchange'] {
    if (!anchor) return null
    const { utcMs, wallMs, errorMs, monoMs } = anchor
    return { utcMs, offsetMs: wallMs - utcMs, errorMs, agoMs: since(monoMs) }
  }

  return {
    noteRecord(record) {
      if (record.kind === 'anchor' && record.clock === 'exchange') anchor = record
    },
    read: () => ({
      ...{ terminal, data: resolve(dataFolder), upMs: since(startedAtMs), epoch: epoch(), broker: readBroker() },
      clock: { state: clockState(), exchange: readExchange() },
      storage: storage(),
    }),
  }
}
