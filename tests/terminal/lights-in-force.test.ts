import { afterEach, describe, expect, it, vi } from 'vitest'
import type { BoxLights } from '../../src/contracts/messages.ts'
import { type LightMode, lightModeAt, makeLightsInForce } from '../../src/terminal/lights-in-force.ts'

const everyDay = [1, 2, 3, 4, 5, 6, 7]
const nights: BoxLights = {
  zone: 'Europe/Prague',
  brightness: 'normal',
  quiet: [{ weekdays: everyDay, from: '22:00', to: '06:30' }],
}
const at = (instant: string) => Date.parse(instant)

describe('the mode of lights', () => {
  it.each<[string, LightMode]>([
    ['2026-06-01T19:59:59Z', 'normal'],
    ['2026-06-01T20:00:00Z', 'quiet'],
    ['2026-06-02T04:29:59Z', 'quiet'],
    ['2026-06-02T04:30:00Z', 'normal'],
    ['2026-12-01T20:59:59Z', 'normal'],
    ['2026-12-01T21:00:00Z', 'quiet'],
  ])('at %s is %s where nights are quiet in Prague', (instant, mode) => {
    expect(lightModeAt(nights, at(instant))).toBe(mode)
  })

  it('lasts past midnight from the weekday on which it began', () => {
    const friday = { ...nights, quiet: [{ weekdays: [5], from: '23:00', to: '05:00' }] }
    expect(lightModeAt(friday, at('2026-06-05T22:00:00Z'))).toBe('quiet')
    expect(lightModeAt(friday, at('2026-06-05T01:00:00Z'))).toBe('normal')
    expect(
      lightModeAt({ ...friday, quiet: [{ weekdays: [7], from: '23:00', to: '05:00' }] }, at('2026-06-08T01:00:00Z')),
    ).toBe('quiet')
  })

  it('follows both clock changes by the local clock', () => {
    // 25 October 2026: 03:00 CEST becomes 02:00 CET, so this hour comes twice.
    const earlyHour = { ...nights, quiet: [{ weekdays: [7], from: '02:00', to: '03:00' }] }
    expect(lightModeAt(earlyHour, at('2026-10-25T00:30:00Z'))).toBe('quiet')
    expect(lightModeAt(earlyHour, at('2026-10-25T01:30:00Z'))).toBe('quiet')
    expect(lightModeAt(earlyHour, at('2026-10-25T02:00:00Z'))).toBe('normal')
    const morning = { ...nights, zone: 'Asia/Kathmandu', quiet: [{ weekdays: everyDay, from: '05:45', to: '06:00' }] }
    expect(lightModeAt(morning, at('2026-06-02T00:00:00Z'))).toBe('quiet')
    expect(lightModeAt(morning, at('2026-06-02T00:15:00Z'))).toBe('normal')
  })

  it('is all day where an interval ends when it begins', () => {
    const always = { ...nights, quiet: [{ weekdays: everyDay, from: '00:00', to: '00:00' }] }
    expect(lightModeAt(always, at('2026-06-02T11:00:00Z'))).toBe('quiet')
  })

  it('is never quiet while the time is unknown, in a zone that nobody knows, or without any configuration', () => {
    const always = {
      ...nights,
      brightness: 'dim' as const,
      quiet: [{ weekdays: everyDay, from: '00:00', to: '00:00' }],
    }
    expect(lightModeAt(always, null)).toBe('dim')
    expect(lightModeAt({ ...always, zone: 'Europe/Atlantis' }, 0)).toBe('dim')
    expect(lightModeAt(undefined, 0)).toBe('normal')
  })
})

describe('lights in force', () => {
  afterEach(() => vi.useRealTimers())

  it('change when the hour comes, when the time becomes known, and with a new configuration, each once', () => {
    vi.useFakeTimers({ now: at('2026-06-01T19:59:00Z') })
    const modes: LightMode[] = []
    const clock: { utcMs: () => number | null } = { utcMs: () => null }
    const lights = makeLightsInForce({
      initial: nights,
      utcMs: () => clock.utcMs(),
      onMode: (mode) => modes.push(mode),
    })
    expect(lights.mode()).toBe('normal')
    vi.advanceTimersByTime(120_000)
    expect(modes).toEqual([])
    clock.utcMs = Date.now
    lights.review()
    expect(modes).toEqual(['quiet'])
    vi.advanceTimersByTime(8.5 * 3_600_000)
    expect(modes).toEqual(['quiet', 'normal'])
    lights.set({ ...nights, brightness: 'dim' })
    lights.set({ ...nights, brightness: 'dim' })
    expect(modes).toEqual(['quiet', 'normal', 'dim'])
    lights.close()
    expect(vi.getTimerCount()).toBe(0)
  })
})
