import { spawn } from 'node:child_process'
import { AppError } from '../../src/shared/errors.ts'

export type Socat = {
  /** To its standard input; lost while the far end takes nothing. */
  write(bytes: Uint8Array): void
  onBytes(listener: (bytes: Uint8Array) => void): void
  /** Why it is not running any more, null while it does. */
  failure(): AppError | null
  /** It has ended, perhaps before this was asked, and `close` was not what ended it. */
  onGone(listener: (failure: AppError) => void): void
  close(): Promise<void>
}

/** So long may the far end leave what it was given; a reader that lives takes it within milliseconds, on a machine that is not overloaded. */
const patienceMs = 1000

/**
 * Runs socat between its first address and this process.
 *
 * @param onLost told of bytes that nobody took
 */
export function startSocat(addresses: readonly string[], onLost: (bytes: number) => void): Socat {
  // Its own process group: Ctrl-C must not end it before this process has tidied up. It follows a killed parent, since
  // its standard input ends. `-x` tells on stderr what it has passed on.
  const child = spawn('socat', ['-x', ...addresses], { detached: true })
  let failure: AppError | null = null
  let complaint = ''
  let unread = ''
  let sentBytes = 0
  let takenBytes = 0
  let stuckTimer: NodeJS.Timeout | null = null
  let isStuck = false
  let tellGone = (_failure: AppError) => {}

  const hasEnded = new Promise<void>((resolve) => {
    const end = (cause: AppError) => {
      failure ??= cause
      tellGone(failure)
      resolve()
    }
    child.once('error', (cause: NodeJS.ErrnoException) =>
      end(cause.code === 'ENOENT' ? missing(cause) : failed(cause.message)),
    )
    child.once('exit', (code) => end(failed(`ended (${code}): ${complaint || 'without a word'}`)))
  })
  // A write after socat has gone is a byte on a pulled cable.
  child.stdin.on('error', () => {})
  child.stderr.on('data', (chunk: Buffer) => {
    unread += chunk.toString('latin1')
    const lines = unread.split('\n')
    unread = lines.pop() ?? ''
    for (const line of lines) {
      const passedOn = /^< .* to=(\d+)$/.exec(line)
      if (passedOn) takenBytes = Number(passedOn[1]) + 1
      else if (line.includes(' socat[')) complaint = line
    }
    isStuck = false
    restartTimer()
  })

  function restartTimer(): void {
    if (stuckTimer) clearTimeout(stuckTimer)
    stuckTimer = null
    if (takenBytes >= sentBytes) return
    stuckTimer = setTimeout(() => {
      const before = takenBytes
      // Only after what has arrived meanwhile was read: this process itself may have been busy.
      setImmediate(() => {
        isStuck = before === takenBytes && takenBytes < sentBytes
      })
    }, patienceMs)
    stuckTimer.unref()
  }

  return {
    write(bytes) {
      if (isStuck || failure) return onLost(bytes.length)
      sentBytes += bytes.length
      child.stdin.write(bytes)
      if (!stuckTimer) restartTimer()
    },
    onBytes: (listener) => void child.stdout.on('data', listener),
    failure: () => failure,
    onGone(listener) {
      if (failure) listener(failure)
      else tellGone = listener
    },
    async close() {
      tellGone = () => {}
      if (stuckTimer) clearTimeout(stuckTimer)
      child.kill()
      await hasEnded
    },
  }
}

function failed(what: string): AppError {
  return new AppError('simulator-device', `socat: ${what}`)
}

function missing(cause: Error): AppError {
  const text = 'socat is not installed; it makes the serial device: apt-get install socat (Debian), brew install socat'
  return new AppError('simulator-device', text, { cause })
}
