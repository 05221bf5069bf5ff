import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export type GoldenMessage = {
  name: string
  leaf: 'batch' | 'hello' | 'welcome' | 'ack' | 'desired' | 'health' | 'status'
  payload?: string
  payloadHex?: string
  verdict: string
  reads?: unknown
}

/** The vectors of WIRE.md §10. */
export function readGoldenMessages(): GoldenMessage[] {
  const path = join(import.meta.dirname, '../../src/contracts/golden-messages.json')
  return JSON.parse(readFileSync(path, 'utf8')) as GoldenMessage[]
}

export function goldenBytes({ payload, payloadHex }: GoldenMessage): Uint8Array {
  return payload === undefined ? Buffer.from(payloadHex ?? '', 'hex') : new TextEncoder().encode(payload)
}
