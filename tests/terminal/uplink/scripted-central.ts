import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { Aedes } from 'aedes'
import { maxHeldEpochs } from '../../../src/contracts/limits.ts'
import type { Health, Hello, Status } from '../../../src/contracts/messages.ts'
import { type Batch, parseBatch } from '../../../src/contracts/parse-batch.ts'
import { parseHealth, parseHello, parseStatus } from '../../../src/contracts/parse-message.ts'
import type { TerminalRecord } from '../../../src/contracts/records.ts'
import { makeTopic, parseTopic } from '../../../src/contracts/topics.ts'
import { hashText } from '../../support/record-arbitraries.ts'

/** A central with a real broker, whose every answer a test may replace. It keeps marks like the true one, in memory. */
export type ScriptedCentral = {
  url: string
  /** By epoch; a test that sets it back plays a restored central. */
  marks: Map<string, number>
  /** Records in the order of their first arrival, by `epoch/sequence`. */
  stored: Map<string, TerminalRecord>
  batches: Batch[]
  hellos: Hello[]
  healths: Health[]
  statuses: Status[]
  /** Sends a payload down as it is. */
  send(leaf: 'welcome' | 'ack' | 'desired', payload: unknown, terminal?: string): void
  /** Takes each batch before the central does; true keeps it from the central. */
  intercept: (batch: Batch) => boolean
  /** Whether hellos and healths are answered. */
  isWelcoming: boolean
  /** Its clock, by which it tells the time. */
  wallMs: () => number
  connections(): number
  /** Everything that came up, by leaf, also what did not parse. */
  published(): number
  /** A connection that came another way than by the port. */
  take(socket: Socket): void
  /** Cuts all connections without a word; the port stays open or closes. */
  cut(): void
  stop(): Promise<void>
}

export async function openScriptedCentral(terminal: string, port = 0): Promise<ScriptedCentral> {
  const broker = await Aedes.createBroker()
  const sockets = new Set<Socket>()
  function take(socket: Socket): void {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    broker.handle(socket)
  }
  const server = createServer(take)
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  let published = 0
  let connections = 0
  broker.on('clientReady', () => {
    connections += 1
  })

  const central: ScriptedCentral = {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ marks: new Map(), stored: new Map(), batches: [], hellos: [], healths: [], statuses: [] },
    ...{ intercept: () => false, isWelcoming: true, wallMs: Date.now },
    take,
    connections: () => connections,
    published: () => published,
    send(leaf, payload, to = terminal) {
      const text = typeof payload === 'string' || payload instanceof Buffer ? payload : JSON.stringify(payload)
      const packet = {
        cmd: 'publish',
        topic: makeTopic(to, leaf),
        payload: text,
        qos: 1,
        retain: false,
        dup: false,
      } as const
      broker.publish(packet, () => {})
    },
    cut() {
      for (const socket of sockets) socket.destroy()
    },
    async stop() {
      central.cut()
      server.close()
      await new Promise<void>((resolve) => broker.close(() => resolve()))
    },
  }

  function welcome(nonce: string, epochs: string[]): void {
    if (!central.isWelcoming) return
    const marks = epochs.slice(0, maxHeldEpochs + 1).map((epoch) => ({ epoch, upTo: central.marks.get(epoch) ?? 0 }))
    central.send('welcome', { nonce, marks, serverTime: central.wallMs() })
  }

  function takeBatch(batch: Batch): void {
    const { epoch } = batch
    for (const lost of batch.lost) central.marks.set(lost.epoch, Math.max(lost.to, central.marks.get(lost.epoch) ?? 0))
    const mark = central.marks.get(epoch) ?? 0
    if (batch.records.length > 0 && batch.first > mark + 1) {
      central.send('ack', { epoch, expect: mark + 1 })
      return
    }
    for (const record of batch.records) {
      const key = `${epoch}/${record.sequence}`
      if (!central.stored.has(key)) central.stored.set(key, record)
    }
    const upTo = Math.max(mark, batch.first + batch.records.length - 1)
    central.marks.set(epoch, upTo)
    central.send('ack', { epoch, upTo, serverTime: Date.now() })
  }

  await broker.subscribe(
    '#',
    (packet, done) => {
      done()
      const address = parseTopic(packet.topic)
      const payload = Buffer.from(packet.payload)
      const { leaf } = address ?? {}
      if (leaf === 'batch' || leaf === 'hello' || leaf === 'health' || leaf === 'status') published += 1
      if (leaf === 'batch') {
        const parsed = parseBatch(payload, hashText)
        if (!parsed.ok) throw new Error(`the uplink sent a batch that is none: ${parsed.reason} ${parsed.detail}`)
        central.batches.push(parsed.batch)
        if (!central.intercept(parsed.batch)) takeBatch(parsed.batch)
      } else if (leaf === 'hello') {
        const parsed = parseHello(payload)
        if (!parsed.ok) throw new Error(`bad hello: ${parsed.detail}`)
        central.hellos.push(parsed.value)
        welcome(parsed.value.nonce, [parsed.value.epoch, ...parsed.value.held.map(({ epoch }) => epoch)])
      } else if (leaf === 'health') {
        const parsed = parseHealth(payload)
        if (!parsed.ok) throw new Error(`bad health: ${parsed.detail}`)
        central.healths.push(parsed.value)
        welcome(parsed.value.nonce, [...new Set(central.hellos.flatMap((hello) => [hello.epoch]))])
      } else if (leaf === 'status') {
        const parsed = parseStatus(payload)
        if (!parsed.ok) throw new Error(`bad status: ${parsed.detail}`)
        central.statuses.push(parsed.value)
      }
    },
    () => {},
  )
  return central
}
