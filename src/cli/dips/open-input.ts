import { createReadStream, type Stats, statSync } from 'node:fs'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { AppError } from '../../shared/errors.ts'

const chunkBytes = 262_144

export type Input = {
  /** as faults name it */
  name: string
  /** on the disk; null for a pipe */
  sizeBytes: number | null
  /** read so far, before any unpacking */
  readBytes(): number
  /** unpacked where it is gzip; fails with an AppError */
  chunks(): AsyncGenerator<Buffer>
}

const explanations: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'may not be read by this user',
  EISDIR: 'is a directory, not a file',
  Z_BUF_ERROR: 'the gzip data end too early: the file was cut off',
  Z_DATA_ERROR: 'the gzip data are damaged',
}

function failRead(name: string, error: unknown): AppError {
  const { code = '', message } = error as NodeJS.ErrnoException
  return new AppError('file-failed', `${name}: ${explanations[code] ?? `can't be read (${message})`}`, { cause: error })
}

function lookAt(path: string): Stats {
  try {
    const stats = statSync(path)
    if (stats.isDirectory()) throw Object.assign(new Error('directory'), { code: 'EISDIR' })
    return stats
  } catch (error) {
    throw failRead(path, error)
  }
}

/** The chunks again, with at least two bytes in the first where there are as many: gzip begins with 1f 8b (RFC 1952 §2.3.1). */
async function* withMagic(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let first: Buffer | null = Buffer.alloc(0)
  for await (const chunk of chunks) {
    if (first === null) yield chunk
    else if (first.length + chunk.length < 2) first = Buffer.concat([first, chunk])
    else {
      yield Buffer.concat([first, chunk])
      first = null
    }
  }
  if (first !== null) yield first
}

async function* unpack(chunks: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  const { value: first } = await chunks.next()
  if (first === undefined) return
  async function* whole() {
    yield first as Buffer
    yield* chunks
  }
  if (first[0] !== 0x1f || first[1] !== 0x8b) yield* whole()
  // Errors come out of the reading end, so there is nothing left to do for the callback.
  else yield* pipeline(Readable.from(whole()), createGunzip({ chunkSize: chunkBytes }), () => {})
}

/**
 * Opens a file, or standard input for `-`, to be read once; gzip is told by its first bytes, whatever the name.
 *
 * @throws AppError when there is no such file
 */
export function openInput(path: string): Input {
  const isStdin = path === '-'
  const stats = isStdin ? null : lookAt(path)
  const name = isStdin ? 'stdin' : path
  let readBytes = 0

  async function* count(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      readBytes += chunk.length
      yield chunk
    }
  }

  return {
    name,
    sizeBytes: stats?.isFile() ? stats.size : null,
    readBytes: () => readBytes,
    async *chunks() {
      const source = isStdin ? process.stdin : createReadStream(path, { highWaterMark: chunkBytes })
      try {
        yield* unpack(withMagic(count(source)))
      } catch (error) {
        throw error instanceof AppError ? error : failRead(name, error)
      }
    },
  }
}
