/**
 * Where a host can be connected: a simulated box itself (the perfect cable), or a faulty cable that hangs on one.
 * `makeSimulatedPortOpener` and `openBoxPty` take either.
 */
export type LineEnd = {
  /** From the host. latin1. */
  write(text: string): void
  /** To the host, in pieces no longer than a line. Returns a function that stops it. */
  onBytes(listener: (bytes: Uint8Array) => void): () => void
  onPower(listener: (isOn: boolean) => void): () => void
  isOn(): boolean
  /** The reset pin, as DTR pulls it when a port is opened. */
  reset(): void
}
