import { describe, expect, it } from 'vitest'
import { goldenBytes, readGoldenMessages } from '../support/golden-messages.ts'
import { decodePayload } from './second/payload.ts'

describe('the decoder written from WIRE.md alone', () => {
  it.each(readGoldenMessages())('reads the vector $name', (vector) => {
    const reading = decodePayload(vector.leaf, goldenBytes(vector))
    expect(reading.ok ? 'ok' : reading.reason).toBe(vector.verdict)
    if (reading.ok) expect(reading.value).toEqual(vector.reads)
  })
})
