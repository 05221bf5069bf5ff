/** What record-writes.c has written down, one entry a call, in order. */
export type RecordedCall =
  | { kind: 'create' | 'unlink' | 'sync'; path: string }
  | { kind: 'write'; path: string; offset: number; bytes: Buffer }
  | { kind: 'truncate'; path: string; size: number }
  | { kind: 'rename'; path: string; to: string }
  | { kind: 'said'; text: string }

/** @throws Error for anything that is not a whole recording */
export function parseRecording(log: Buffer): RecordedCall[] {
  const calls: RecordedCall[] = []
  let at = 0
  const take = (length: number): Buffer => {
    if (!(at + length <= log.length)) throw new Error(`the recording ends within an entry, at ${at}`)
    at += length
    return log.subarray(at - length, at)
  }
  while (at < log.length) {
    const end = log.indexOf(0x0a, at)
    const [kind, path = '', a = '', b = ''] = log.toString('latin1', at, end).split(' ')
    at = end + 1
    if (kind === 'said') calls.push({ kind, text: take(Number(path)).toString('latin1') })
    else if (kind === 'write') calls.push({ kind, path, offset: Number(a), bytes: take(Number(b)) })
    else if (kind === 'truncate') calls.push({ kind, path, size: Number(a) })
    else if (kind === 'rename') calls.push({ kind, path, to: a })
    else if (kind === 'create' || kind === 'unlink' || kind === 'sync') calls.push({ kind, path })
    else throw new Error(`no entry of a recording: ${kind}`)
  }
  return calls
}
