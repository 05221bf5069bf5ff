import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import type { FrameCheck, FrameFault } from './frame-check.ts'

type Chunk = { chunk: Buffer; encoding: BufferEncoding }

/** A socket whose bytes pass a check before anybody may collect them; a fault ends the connection. */
export class GuardedStream extends Duplex {
  readonly #socket: Socket

  constructor(socket: Socket, check: FrameCheck, onFault: (fault: FrameFault) => void) {
    super()
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => {
      const fault = check(chunk)
      if (fault) {
        onFault(fault)
        this.destroy()
      } else if (!this.push(chunk)) socket.pause()
    })
    socket.on('end', () => this.push(null))
    socket.on('error', (error) => this.destroy(error))
    socket.on('close', () => this.destroy())
  }

  override _read(): void {
    this.#socket.resume()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.#socket.write(chunk, callback)
  }

  override _writev(chunks: Chunk[], callback: (error?: Error | null) => void): void {
    this.#socket.write(Buffer.concat(chunks.map(({ chunk }) => chunk)), callback)
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#socket.end(callback)
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#socket.destroy()
    callback(error)
  }
}
