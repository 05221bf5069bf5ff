import type { Static, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Clean } from 'typebox/value'
import { maxPayloadBytes } from './limits.ts'
import { Ack, Desired, Health, Hello, Status, Welcome } from './messages.ts'

export type Parsed<T> =
  | { ok: true; value: T }
  | { ok: false; reason: 'too-large' | 'not-json' | 'bad-shape'; detail: string }

type ParsedJson = { ok: true; value: unknown; text: string } | Extract<Parsed<unknown>, { ok: false }>

/** A byte order mark is kept, and then is no JSON: what is hashed must be what was sent. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** @returns the text of a payload and its JSON value; bytes that are not UTF-8 or not JSON are a value, never an exception. */
export function parseJson(payload: Uint8Array): ParsedJson {
  if (payload.byteLength > maxPayloadBytes)
    return { ok: false, reason: 'too-large', detail: `${payload.byteLength} bytes` }
  try {
    const text = utf8.decode(payload)
    return { ok: true, value: JSON.parse(text), text }
  } catch (error) {
    return { ok: false, reason: 'not-json', detail: String(error).slice(0, 120) }
  }
}

function makeParser<S extends TSchema>(schema: S): (payload: Uint8Array) => Parsed<Static<S>> {
  const validator = Compile(schema)
  return (payload) => {
    const json = parseJson(payload)
    if (!json.ok) return json
    // Members that nobody here knows are dropped: what is kept, shown or sent on is bounded by the schema, in depth too.
    if (validator.Check(json.value)) return { ok: true, value: Clean(schema, json.value) as Static<S> }
    const [first] = validator.Errors(json.value)
    return { ok: false, reason: 'bad-shape', detail: `${first?.instancePath || '/'} ${first?.message ?? ''}` }
  }
}

export const parseHello = makeParser(Hello)
export const parseWelcome = makeParser(Welcome)
export const parseAck = makeParser(Ack)
export const parseDesired = makeParser(Desired)
export const parseHealth = makeParser(Health)
export const parseStatus = makeParser(Status)

export function formatMessage(message: Hello | Welcome | Ack | Desired | Health | Status): string {
  return JSON.stringify(message)
}
