/** One opened connection to a box: bytes both ways, and the news that it is gone. */
export type BoxPort = {
  /** To be called once, at once; nothing is read before. */
  onBytes(listener: (bytes: Uint8Array) => void): void
  /** The port is gone, by itself; not called for `close`. */
  onClosed(listener: (reason: string) => void): void
  write(text: string): void
  /** Resolves also where closing fails: a hung-up port must not hold its successor up. */
  close(): Promise<void>
}

/** Opens a new port for each attempt; rejects with an `AppError`. */
export type PortOpener = () => Promise<BoxPort>
