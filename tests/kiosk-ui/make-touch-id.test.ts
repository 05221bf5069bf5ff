import Value from 'typebox/value'
import { expect, it } from 'vitest'
import { makeTouchId } from '../../kiosk-ui/app/make-touch-id.ts'
import { TouchId } from '../../src/contracts/identities.ts'

it("names presses as the contract says, with the browser's UUID or without", () => {
  const { crypto } = globalThis
  const plain = { getRandomValues: crypto.getRandomValues.bind(crypto) }
  const ids = Array.from({ length: 500 }, (_, i) =>
    makeTouchId(i % 2 === 0 ? plain : { ...plain, randomUUID: crypto.randomUUID.bind(crypto) }),
  )
  expect(new Set(ids).size).toBe(500)
  for (const id of ids) {
    expect(Value.Check(TouchId, id)).toBe(true)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  }
})
