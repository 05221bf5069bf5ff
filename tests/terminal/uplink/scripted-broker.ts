import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'

/** Control packet types of MQTT 3.1.1, table 2.1. */
export const packetTypes = { connect: 1, publish: 3, puback: 4, subscribe: 8, pingreq: 12, disconnect: 14 } as const

/** One packet of the client: the bytes after the fixed header. */
type ClientPacket = { type: number; body: Buffer; atMs: number; connection: number }

export type ScriptedBroker = {
  port: number
  /** Everything that clients sent, whole packets only. */
  packets: ClientPacket[]
  /** Bytes that clients sent, whether or not they made a packet. */
  bytes(): number
  connections(): number
  /** To the newest connection. */
  write(bytes: Uint8Array): void
  stop(): Promise<void>
}

export const connack = (returnCode: number) => Buffer.from([0x20, 2, 0, returnCode])
export const suback = (subscribe: Buffer, codes: number[]) =>
  Buffer.from([0x90, 2 + codes.length, subscribe[0] ?? 0, subscribe[1] ?? 0, ...codes])
const topicEnd = (publish: Buffer) => 2 + publish.readUInt16BE(0)
export const topicOf = (publish: Buffer) => publish.subarray(2, topicEnd(publish)).toString()
export const payloadOf = (publish: Buffer) => JSON.parse(publish.subarray(topicEnd(publish) + 2).toString())
export const puback = (publish: Buffer) =>
  Buffer.from([0x40, 2, publish[topicEnd(publish)] ?? 0, publish[topicEnd(publish) + 1] ?? 0])

/** @param qos where it is 0 there is no packet id */
export function publishPacket(topic: string, payload: Uint8Array | string, qos = 0): Buffer {
  const name = Buffer.from(topic)
  const head = Buffer.alloc(2)
  head.writeUInt16BE(name.length)
  const body = Buffer.concat([head, name, ...(qos > 0 ? [Buffer.from([0, 1])] : []), Buffer.from(payload)])
  const length: number[] = []
  for (let rest = body.length; rest > 0 || length.length === 0; rest >>= 7)
    length.push((rest & 127) | (rest > 127 ? 128 : 0))
  return Buffer.concat([Buffer.from([0x30 | (qos << 1), ...length]), body])
}

/** @returns the next whole packet of the buffer and how many bytes it took, or null */
function readPacket(buffer: Buffer): { type: number; body: Buffer; size: number } | null {
  let length = 0
  for (let at = 1; at <= 4 && at < buffer.length; at += 1) {
    const byte = buffer[at] ?? 0
    length += (byte & 127) << (7 * (at - 1))
    if (byte >= 128) continue
    const size = at + 1 + length
    return buffer.length < size ? null : { type: (buffer[0] ?? 0) >> 4, body: buffer.subarray(at + 1, size), size }
  }
  return null
}

/** Answers to one packet: bytes to send, 'close', or nothing. */
type Answer = Uint8Array | Uint8Array[] | 'close' | undefined
export type Script = (packet: ClientPacket) => Answer

/** Does what a broker must, and nothing more: takes everybody, grants everything, confirms every publish, answers pings. */
export const honest: Script = ({ type, body }) => {
  if (type === packetTypes.connect) return connack(0)
  if (type === packetTypes.subscribe) return suback(body, [1, 1, 1])
  if (type === packetTypes.publish) return puback(body)
  if (type === packetTypes.pingreq) return Buffer.from([0xd0, 0])
  return undefined
}

/** A broker in bytes, so that nothing stands between a test and what is on the wire. */
export async function openScriptedBroker(script: Script, { tls, port = 0 }: { tls?: TlsOptions; port?: number } = {}) {
  const packets: ClientPacket[] = []
  const sockets = new Set<Socket>()
  let bytes = 0
  let connections = 0
  let newest: Socket | undefined

  function answerOn(socket: Socket, answer: Answer): void {
    if (answer === 'close') socket.end()
    else if (answer) for (const part of Array.isArray(answer) ? answer : [answer]) socket.write(part)
  }

  function take(socket: Socket): void {
    const connection = connections
    connections += 1
    newest = socket
    sockets.add(socket)
    let buffer = Buffer.alloc(0)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', (chunk) => {
      bytes += chunk.length
      buffer = Buffer.concat([buffer, chunk])
      for (let found = readPacket(buffer); found; found = readPacket(buffer)) {
        buffer = buffer.subarray(found.size)
        const packet = { type: found.type, body: Buffer.from(found.body), atMs: performance.now(), connection }
        packets.push(packet)
        answerOn(socket, script(packet))
      }
    })
  }

  const server = tls ? createTlsServer(tls, take) : createServer(take)
  server.on('tlsClientError', () => {})
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const broker: ScriptedBroker = {
    port: (server.address() as AddressInfo).port,
    packets,
    bytes: () => bytes,
    connections: () => connections,
    write: (text) => void newest?.write(text),
    async stop() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
  return broker
}
