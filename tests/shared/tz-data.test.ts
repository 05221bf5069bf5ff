import { describe, expect, it } from 'vitest'
import { explainTzData, judgeTzData } from '../../src/shared/tz-data.ts'

const at = (instant: string) => Date.parse(instant)

describe('judgeTzData', () => {
  it.each([
    ['2025c', '2026-12-31T23:59:59Z', 'current'],
    ['2025c', '2027-01-01T00:00:00Z', 'old'],
    ['2025a', '2026-12-31T23:59:59Z', 'current'],
    ['2019c', '2026-06-01T00:00:00Z', 'old'],
    // A clock that is behind says nothing against what is newer than it.
    ['2026b', '1970-01-01T00:00:00Z', 'current'],
  ])('%s at %s is %s', (version, instant, verdict) => {
    expect(judgeTzData(version, { nowMs: at(instant) })).toBe(verdict)
  })

  it.each([
    ['2026a', '2026a', 'current'],
    ['2026a', '2026b', 'behind'],
    ['2026b', '2026a', 'current'],
    ['2025g', '2026a', 'behind'],
    ['2026z', '2026aa', 'behind'],
    ['2026aa', '2026z', 'current'],
    ['2026ab', '2026aa', 'current'],
    ['2024z', '2026a', 'old'],
    ['2026a', 'unknown', 'current'],
  ])('%s beside %s is %s', (version, reference, verdict) => {
    expect(judgeTzData(version, { reference, nowMs: at('2026-11-22T00:00:00Z') })).toBe(verdict)
  })

  it.each([undefined, '', '2025', 'c2025', '2025C', '2025abc', '20255a'])('%s is no version', (version) => {
    expect(judgeTzData(version, { reference: '2026a', nowMs: at('2026-11-22T00:00:00Z') })).toBeNull()
  })
})

describe('explainTzData', () => {
  it('names the version and the cure, and is silent where nothing is wrong', () => {
    const nowMs = at('2026-11-22T00:00:00Z')
    expect(explainTzData('2024b', nowMs)).toMatch(/2024b.*Node/)
    expect(explainTzData(undefined, nowMs)).toMatch(/does not say/)
    expect(explainTzData('2025a', nowMs)).toBeNull()
  })

  it('knows what the Node that runs this says of itself', () => {
    expect(judgeTzData(process.versions.tz, { nowMs: at('2025-01-01T00:00:00Z') })).toBe('current')
  })
})
