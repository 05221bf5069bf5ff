import { vi } from 'vitest'

/** Asks again until it no longer throws: by itself vitest gives up after a second, which a busy machine may take for a breath. */
export const eventually = <T>(check: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(check, { timeout: 15_000, interval: 20 })
