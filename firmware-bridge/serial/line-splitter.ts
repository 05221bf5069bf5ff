import { maxLineBytes } from '../line/box-line.ts'

export type LineSplitter = {
  /** Cuts a chunk of any size at its newlines; calls back before it returns. */
  push(bytes: Uint8Array): void
  /** Bytes are missing here: what follows, up to the next newline, is no whole line and is dropped uncounted. */
  skipToNextLine(): void
}

export type LineSplitterOptions = {
  /** A line without its newline, one character a byte. */
  onLine: (text: string) => void
  /** A line was longer than 96 bytes and has been dropped whole. */
  onTooLong: () => void
}

const newline = 0x0a

/**
 * Cuts the bytes of one connection into lines, in bounded memory (PROTOCOL.md §2).
 *
 * Stands in the place of @serialport/parser-readline, which has no bound (16 MiB without a newline took 23 s of CPU),
 * hands the half line at the end of a stream on as if it were whole, and lets a damaged byte eat into the next line
 * under its default UTF-8. A length guard in front of it would have to find the newlines itself, since what is too
 * long ends only at the next one: nothing would be left for the parser to do.
 *
 * What comes before the first newline began before we listened and is dropped uncounted; what follows the last one
 * when the connection ends is never handed on.
 */
export function makeLineSplitter({ onLine, onTooLong }: LineSplitterOptions): LineSplitter {
  const line = Buffer.alloc(maxLineBytes)
  let length = 0
  let isPartial = true

  function endLine(): void {
    if (isPartial) isPartial = false
    else if (length >= maxLineBytes) onTooLong()
    else onLine(line.toString('latin1', 0, length))
    length = 0
  }

  return {
    push(bytes) {
      for (const byte of bytes) {
        if (byte === newline) endLine()
        else if (length < maxLineBytes) line[length++] = byte
      }
    },
    skipToNextLine() {
      isPartial = true
    },
  }
}
