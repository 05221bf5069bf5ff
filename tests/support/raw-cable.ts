import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { lstatSync, rmSync } from 'node:fs'
import { waitFor } from './smilepost-process.ts'

/** A serial device on a pty whose other end is the test's: bytes as they are, nothing paced, nothing repeated. */
export type RawCable = {
  /** Resolves when the pty has room again: whoever reads it sets the pace. */
  write(bytes: string | Uint8Array): Promise<void>
  onBytes(listener: (text: string) => void): void
  /** Neither takes nor gives any more, and isn't gone. */
  freeze(): void
  /** Says this and is gone in the same breath, so that the host is caught reading. */
  hangUp(lastWords?: string): Promise<void>
}

/** @param path where the device appears, as a link; with socat, which takes it away again at the end */
export async function openRawCable(path: string): Promise<RawCable> {
  rmSync(path, { force: true })
  // -t0: at the end of its input it is gone at once.
  const socat = spawn('socat', ['-t0', '-b65536', `PTY,link=${path},raw,echo=0`, 'STDIO'])
  const isGone = once(socat, 'exit')
  let complaint = ''
  socat.stderr.on('data', (text) => {
    complaint += text
  })
  socat.stdin.on('error', () => {})
  await waitFor(`the device ${path}`, 5000, () => {
    if (socat.exitCode !== null) throw new Error(`socat: ${complaint}`)
    return lstatSync(path, { throwIfNoEntry: false })
  })
  return {
    async write(bytes) {
      // A write after socat has gone is a byte on a pulled cable.
      if (socat.stdin.writable && !socat.stdin.write(bytes)) await Promise.race([once(socat.stdin, 'drain'), isGone])
    },
    onBytes: (listener) => void socat.stdout.on('data', (bytes: Buffer) => listener(bytes.toString('latin1'))),
    freeze: () => void socat.kill('SIGSTOP'),
    async hangUp(lastWords = '') {
      socat.kill('SIGCONT')
      socat.stdin.end(Buffer.from(lastWords, 'latin1'))
      const deadline = setTimeout(() => socat.kill('SIGKILL'), 1000)
      await isGone
      clearTimeout(deadline)
    },
  }
}
