/** What doctor concludes from two looks at a running daemon's line. */
import { describe, expect, it } from 'vitest'
import { diagnoseLine } from '../../firmware-bridge/serial/diagnose-line.ts'
import { readDaemonEvidence } from '../../src/cli/doctor/daemon-evidence.ts'
import type { LineState } from '../../src/contracts/http/kiosk.ts'

const hello = {
  ...{ box: '3f9c02d7', boot: 7, cause: 'power-on', next: 42, pending: 0, dropped: 0, bad: 0 },
  ...{ boxNowMs: 3_600_000, firmware: '1.0.0', ageMs: 300 },
}
const up: LineState = {
  ...{ device: '/dev/ttyUSB0', state: 'up', reason: 'box 3f9c02d7', inStateMs: 3_600_000, trouble: null },
  ...{ watchedMs: 3_600_000, counters: { hello: 3600, open: 1 }, lastHello: hello, stuckButtons: [] },
}

type Changes = { counters?: Record<string, number>; hello?: Partial<typeof hello> } & Partial<
  Pick<LineState, 'stuckButtons' | 'watchedMs'>
>

/** Four seconds later, with what has changed; four more hellos unless said otherwise. */
function lookAgain({ counters = {}, hello: told = {}, ...rest }: Changes, before = up): LineState {
  const lastHello = before.lastHello && { ...before.lastHello, ...told }
  const later = { ...before.counters, hello: (before.counters.hello ?? 0) + 4, ...counters }
  return { ...before, lastHello, counters: later, watchedMs: before.watchedMs + 4000, ...rest }
}

function diagnose(changes: Changes, before = up) {
  const evidence = readDaemonEvidence(before, lookAgain(changes, before))
  return diagnoseLine(evidence, { imageFirmware: '1.0.0', isDaemonListening: true })
}
const codes = (changes: Changes, before = up) => diagnose(changes, before).map(({ code }) => code)

describe('a line that a daemon has', () => {
  it('is well, also with the few bad lines of its past and a press on its way', () => {
    const past = { ...up, counters: { ...up.counters, 'line-crc': 2, 'box-reboot': 1, 'press-stored': 40 } }
    expect(codes({ hello: { pending: 1 } }, past)).toEqual([])
  })

  it('is silent when nothing came while we watched, whatever was before', () => {
    expect(codes({ counters: { hello: 3600 } })).toEqual(['silence'])
  })

  it('brings broken lines only, or a flood', () => {
    expect(codes({ counters: { hello: 3600, 'line-frame': 9 } })).toEqual(['nonsense'])
    expect(codes({ counters: { hello: 3600, 'bytes-flooded': 500_000 } })).toEqual(['nonsense'])
    expect(codes({ counters: { hello: 3600, 'line-version': 4 } })).toEqual(['other-version'])
  })

  it('is noisy now, with the share of now', () => {
    expect(diagnose({ counters: { 'line-crc': 1 } })).toMatchObject([
      { code: 'noisy-cable', facts: { percent: 20, badLines: 1, goodLines: 4 } },
    ])
  })

  it('was noisy all the time, although just now it is not', () => {
    const past = { ...up, counters: { ...up.counters, 'line-crc': 180 } }
    expect(diagnose({}, past)).toMatchObject([{ code: 'noisy-cable', facts: { badLines: 180, percent: 4.8 } }])
  })

  it('works one way when the same press comes again and again', () => {
    const waiting = { ...up, counters: { ...up.counters, 'press-stored': 9, 'press-repeated': 8 } }
    const before = { ...waiting, lastHello: { ...hello, pending: 2 } }
    const repeats = { counters: { 'press-stored': 11, 'press-repeated': 10 }, hello: { pending: 2 } }
    expect(codes(repeats, before)).toEqual(['one-way-cable'])
    expect(codes({ ...repeats, hello: { pending: 2, bad: 2 } }, before)).toEqual(['damaged-way-to-box'])
    expect(codes({ ...repeats, hello: { pending: 1 } }, before)).toEqual([])
  })

  it('works one way when a box goes on asking for an identity', () => {
    const asking = { ...up, lastHello: null, counters: { 'no-identity': 60, 'identity-sent': 6 } }
    expect(codes({ counters: { hello: 0, 'no-identity': 64 } }, asking)).toEqual(['no-identity', 'one-way-cable'])
    expect(codes({ counters: { hello: 0, 'no-identity': 62 } }, asking)).toEqual(['no-identity'])
  })

  it('ends in a box that restarts, now or often', () => {
    expect(codes({ counters: { 'box-reboot': 1 }, hello: { boot: 8, cause: 'watchdog' } })).toEqual(['restarting'])
    const past = { ...up, counters: { ...up.counters, 'box-reboot': 9 } }
    expect(codes({}, past)).toEqual(['restarting'])
    expect(codes({}, { ...past, watchedMs: 864_000_000 })).toEqual([])
  })

  it('names stuck buttons', () => {
    expect(diagnose({ stuckButtons: [1, 4] })).toMatchObject([{ code: 'stuck-button', facts: { buttons: [1, 4] } }])
  })

  it('of a daemon that was restarted meanwhile counts from its start', () => {
    const after = { ...up, watchedMs: 2500, counters: { hello: 2, open: 1 } }
    const evidence = readDaemonEvidence(up, after)
    expect(evidence).toMatchObject({ goodLines: 2, restarts: 0, watchedMs: 2500 })
    expect(diagnoseLine(evidence, { imageFirmware: '1.0.0', isDaemonListening: true })).toEqual([])
  })
})
