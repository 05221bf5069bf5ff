import type { Health, Hello } from '../../../src/contracts/messages.ts'

export const nowMs = Date.parse('2026-06-01T12:00:00Z')

export const loadCatalogueLayout = (): string => `
[[places]]
id = "harbour"
name = "Harbour Street"
kind = "store"
parent = "north"
[[places]]
id = "north"
name = "North"
kind = "region"
parent = "acme"
[[places]]
id = "acme"
name = "Acme"
kind = "chain"

[[surveys]]
question = "service"
revision = 1
scaleMax = 3
texts = [{ language = "en", text = "How were we?" }, { language = "cs", text = "Jak jsme se starali?" }]

[[touchpoints]]
id = "exit"
place = "harbour"
name = "Exit"
zone = "Europe/Prague"
question = "service"
hours = [{ validFrom = "2026-01-01", intervals = [{ weekday = 5, open = "08:30", close = "24:00" }] }]
exceptions = [{ date = "2026-12-24", intervals = [{ open = "08:00", close = "12:00" }] }]
lights = { quiet = [{ weekdays = [1, 7], from = "22:00", to = "07:00" }] }
[[touchpoints]]
id = "toilet"
place = "harbour"
name = "Toilet"
zone = "Europe/Prague"
question = "service"
`

const common = { nonce: 'abcdef01', epoch: 'aaaaaaaaaaaaaaaa', boot: 'b007000a', versions: { terminal: '0.1.0' } }

export const saidHello = (fields: Partial<Hello>): string =>
  JSON.stringify({ ...common, held: [], monoMs: 0, ...fields } satisfies Hello)

export const saidHealth = (fields: Partial<Health>): string =>
  JSON.stringify({
    ...common,
    monoMs: 0,
    rev: 1,
    unacknowledged: 3,
    oldestAgeMs: null,
    box: null,
    touchIssued: 0,
    diskFreeBytes: null,
    databaseBytes: 0,
    walBytes: 0,
    cpuTemperatureC: null,
    undervoltage: null,
    clock: 'kernel',
    serial: {},
    boxResets: 0,
    stuckButtons: [],
    ...fields,
  } satisfies Health)
