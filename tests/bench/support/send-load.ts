// Many terminals in one process, as bytes on sockets: what mqtt.js does for each of ten thousand connections would be measured
// with the broker. Reads a plan from its parent, sends it when told to, and tells how long the acks took.
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import mqttPacket from 'mqtt-packet'
import type { Ack } from '../../../src/contracts/messages.ts'
import { makeTopic } from '../../../src/contracts/topics.ts'
import { type LoadPlan, makePayloads, nameOf, secretOf } from './load-plan.ts'

export type LoadOrder = { plan: LoadPlan; port: number; connectsPerSecond: number }
export type LoadResult = {
  seconds: number
  acked: number
  /** Of this process, while sending. */
  cpuSeconds: number
  /** From a batch's first byte to its ack. */
  ackMs: { p50: number; p99: number }
  /** Batches sent a second time, since no ack came. */
  resent: number
  /** Acks that asked for a pause, which was made. */
  paused: number
}

type Waiting = { publish: Buffer; last: number; sentAtMs: number; timer: NodeJS.Timeout | null }
type Line = { socket: Socket; batches: { publish: Buffer; last: number }[]; next: number; waiting: Waiting | null }

const ackTimeoutMs = 10_000
const retryMs = 1_000
const maxAttempts = 60
const clientPacket = (packet: mqttPacket.Packet) => mqttPacket.generate(packet)

/** Connects and subscribes. A broker that refuses for now, for too many came at once, is tried again, as terminals do. */
async function openLine(order: LoadOrder, terminal: number, nowMs: number, onAck: (line: Line, ack: Ack) => void) {
  const name = nameOf(terminal)
  const batches = makePayloads(order.plan, terminal, nowMs).map(({ payload, last }, i) => {
    const publish = { cmd: 'publish' as const, topic: makeTopic(name, 'batch'), payload, messageId: 2 + i }
    return { publish: clientPacket({ ...publish, qos: 1, dup: false, retain: false }), last }
  })
  for (let attempt = 1; ; attempt += 1) {
    const line: Line = { socket: connect(order.port, '127.0.0.1'), batches, next: 0, waiting: null }
    try {
      await subscribe(line, name, secretOf(terminal), onAck)
      return line
    } catch (error) {
      if (attempt === maxAttempts) throw error
      await sleep(retryMs)
    }
  }
}

function subscribe(line: Line, name: string, secret: string, onAck: (line: Line, ack: Ack) => void): Promise<unknown> {
  const { socket } = line
  socket.setNoDelay(true)
  return new Promise((resolve, reject) => {
    const parser = mqttPacket.parser({ protocolVersion: 4 })
    socket.on('data', (chunk) => void parser.parse(chunk))
    socket.on('error', reject)
    socket.on('close', () => reject(new Error(`the broker closed the connection of ${name}`)))
    parser.on('packet', (packet: mqttPacket.Packet) => {
      if (packet.cmd === 'connack') {
        if (packet.returnCode !== 0) reject(new Error(`${name} was refused: ${packet.returnCode}`))
        const subscriptions = [{ topic: makeTopic(name, 'ack'), qos: 1 as const }]
        socket.write(clientPacket({ cmd: 'subscribe', messageId: 1, subscriptions }))
      } else if (packet.cmd === 'suback') resolve(null)
      else if (packet.cmd === 'publish') {
        socket.write(clientPacket({ cmd: 'puback', messageId: packet.messageId ?? 0 }))
        onAck(line, JSON.parse(String(packet.payload)) as Ack)
      }
    })
    const account = { clientId: name, username: name, password: Buffer.from(secret) }
    const session = { clean: true, keepalive: 600, protocolId: 'MQTT' as const, protocolVersion: 4 as const }
    socket.write(clientPacket({ cmd: 'connect', ...account, ...session }))
  })
}

/** Sends what the lines still have, up to batch `end` of each, with so many on the way; resolves once all are acknowledged. */
function makeSender(lines: readonly Line[]) {
  const ackMs: number[] = []
  let resent = 0
  let paused = 0
  let left = 0
  let onDone: () => void = () => undefined
  let ready: Line[] = []
  let onTheWay = 0
  let limits = { end: 0, onTheWay: 0 }

  function put(line: Line, waiting: Waiting): void {
    line.socket.write(waiting.publish)
    waiting.timer = setTimeout(() => {
      resent += 1
      put(line, waiting)
    }, ackTimeoutMs)
  }

  function pump(): void {
    while (onTheWay < limits.onTheWay) {
      const line = ready.shift()
      if (!line) return
      const batch = line.batches[line.next]
      if (!batch) throw new Error('a line without a batch stood in the queue')
      line.next += 1
      line.waiting = { ...batch, sentAtMs: performance.now(), timer: null }
      onTheWay += 1
      put(line, line.waiting)
    }
  }

  return {
    onAck(line: Line, ack: Ack): void {
      const { waiting } = line
      if (ack.upTo === undefined) throw new Error(`refused: ${JSON.stringify(ack)}`)
      if (!waiting || ack.upTo < waiting.last) return
      if (waiting.timer) clearTimeout(waiting.timer)
      line.waiting = null
      ackMs.push(performance.now() - waiting.sentAtMs)
      onTheWay -= 1
      left -= 1
      if (left === 0) {
        onDone()
        return
      }
      if (line.next < limits.end) {
        if (ack.retryAfter !== undefined) {
          paused += 1
          setTimeout(() => {
            ready.push(line)
            pump()
          }, ack.retryAfter)
        } else ready.push(line)
      }
      pump()
    },
    async send(end: number, most: number): Promise<LoadResult> {
      limits = { end, onTheWay: most }
      ready = lines.filter((line) => line.next < end)
      left = ready.reduce((sum, line) => sum + end - line.next, 0)
      const acked = left
      ackMs.length = 0
      const cpu = process.cpuUsage()
      const startMs = performance.now()
      const done = new Promise<void>((resolve) => {
        onDone = resolve
      })
      pump()
      await done
      const seconds = (performance.now() - startMs) / 1_000
      const { user, system } = process.cpuUsage(cpu)
      const sorted = ackMs.toSorted((a, b) => a - b)
      const quantile = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN
      const result = { seconds, acked, cpuSeconds: (user + system) / 1e6, resent, paused }
      return { ...result, ackMs: { p50: quantile(0.5), p99: quantile(0.99) } }
    },
  }
}

/** The child's side: takes a `LoadOrder`, says `ready` once all terminals are connected and anchored, sends at the next message. */
export async function runSenders(): Promise<void> {
  const next = () => new Promise<unknown>((resolve) => process.once('message', resolve))
  const order = (await next()) as LoadOrder
  const nowMs = Date.now()
  const lines: Line[] = []
  const sender = makeSender(lines)
  const startMs = performance.now()
  const opening: Promise<Line>[] = []
  for (let terminal = 0; terminal < order.plan.terminals; terminal += 1) {
    const aheadMs = (1_000 * terminal) / order.connectsPerSecond - (performance.now() - startMs)
    if (aheadMs > 5) await sleep(aheadMs)
    opening.push(openLine(order, terminal, nowMs, sender.onAck))
  }
  lines.push(...(await Promise.all(opening)))
  await sender.send(1, order.plan.onTheWay)
  const go = next()
  process.send?.('ready')
  await go
  process.send?.(await sender.send(order.plan.batchesPerTerminal + 1, order.plan.onTheWay))
  for (const { socket } of lines) socket.removeAllListeners('close').destroy()
  process.disconnect?.()
}
