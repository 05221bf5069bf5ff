import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** What the line does to connections; each may be changed while they are open. */
type LineFaults = {
  /** Each way. */
  latencyMs: number
  /** Each way; what comes faster waits, and whoever sends it with it. */
  bytesPerSecond: number
  /** Both ways together, after which the connection is closed without a word. */
  dropAfterBytes: number
  /** Nothing passes any more, either way, and neither end hears that: a half-open connection. */
  isMute: boolean
  /** Towards the client each chunk passes twice. */
  isDoubling: boolean
}

export type FaultProxy = {
  port: number
  faults: LineFaults
  /** Connections ever taken. */
  taken(): number
  open(): number
  /** Towards the target and back, over all connections. */
  bytes(): { up: number; down: number }
  /** Ends all connections with a reset. */
  reset(): void
  stop(): Promise<void>
}

/** A TCP line to `targetPort` on loopback that can be made bad. */
export async function openFaultProxy(targetPort: number): Promise<FaultProxy> {
  const faults: LineFaults = {
    latencyMs: 0,
    bytesPerSecond: Number.POSITIVE_INFINITY,
    dropAfterBytes: Number.POSITIVE_INFINITY,
    isMute: false,
    isDoubling: false,
  }
  const ends = new Set<Socket>()
  let taken = 0
  const bytes = { up: 0, down: 0 }

  function join(client: Socket): void {
    taken += 1
    const target = connect(targetPort, '127.0.0.1')
    let passedBytes = 0
    const pass = (from: Socket, to: Socket, way: 'up' | 'down') => {
      ends.add(from)
      from.on('data', (chunk) => {
        if (faults.isMute) return
        passedBytes += chunk.length
        bytes[way] += chunk.length
        const deliver = () => {
          if (faults.isMute || to.destroyed) return
          to.write(chunk)
          if (faults.isDoubling && way === 'down') to.write(chunk)
        }
        const passesMs = (chunk.length * 1_000) / faults.bytesPerSecond
        if (passesMs > 0) {
          from.pause()
          setTimeout(() => from.resume(), passesMs)
        }
        if (faults.latencyMs + passesMs > 0) setTimeout(deliver, faults.latencyMs + passesMs)
        else deliver()
        if (passedBytes > faults.dropAfterBytes) for (const end of [from, to]) end.destroy()
      })
      from.on('error', () => from.destroy())
      from.on('close', () => {
        ends.delete(from)
        if (!faults.isMute) to.destroy()
      })
    }
    pass(client, target, 'up')
    pass(target, client, 'down')
  }

  const server = createServer(join).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    faults,
    taken: () => taken,
    open: () => ends.size / 2,
    bytes: () => ({ ...bytes }),
    reset() {
      for (const end of ends) end.resetAndDestroy()
    },
    async stop() {
      for (const end of ends) end.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
