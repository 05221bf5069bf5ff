import { vi } from 'vitest'
import type { BoxPress } from '../../firmware-bridge/serial/answer-press.ts'
import {
  type BoxLink,
  type BoxLinkOptions,
  type LinkState,
  openBoxLink,
} from '../../firmware-bridge/serial/box-link.ts'
import type { BoxHello } from '../../firmware-bridge/serial/box-record.ts'
import { makeScriptedPorts, type ScriptedPorts } from './scripted-port.ts'
import { silentLogger } from './silent-logger.ts'

export type LinkFixture = {
  link: BoxLink
  ports: ScriptedPorts
  presses: BoxPress[]
  hellos: BoxHello[]
  savedIds: string[]
  states: { state: LinkState; reason: string }[]
  /** What the store answers from now on. */
  answer: { press: 'stored' | 'full' | 'reused'; boxId: 'saved' | 'full' }
  /** Lets milliseconds of the faked clock pass. */
  pass(ms: number): Promise<void>
  /** Only the counters that are not 0. */
  counted(): Record<string, number>
}

/** A link on scripted ports under a faked clock, its first port open. `vi.useRealTimers()` afterwards is the test's. */
export async function openLinkFixture(options: Partial<BoxLinkOptions> = {}): Promise<LinkFixture> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 1_000_000 })
  const ports = makeScriptedPorts()
  const fixture: Omit<LinkFixture, 'link'> = {
    ...{ ports, presses: [], hellos: [], savedIds: [], states: [] },
    answer: { press: 'stored', boxId: 'saved' },
    pass: async (ms) => void (await vi.advanceTimersByTimeAsync(ms)),
    counted: () => Object.fromEntries(Object.entries(link.counters()).filter(([, count]) => count > 0)),
  }
  const link = openBoxLink({
    openPort: ports.openPort,
    clock: { wallMs: () => Date.now(), monoMs: () => Date.now() - 900_000 },
    logger: silentLogger,
    random: () => 0.5,
    onPress: (press) => {
      fixture.presses.push(press)
      return fixture.answer.press
    },
    saveBoxId: (boxId) => {
      fixture.savedIds.push(boxId)
      return fixture.answer.boxId
    },
    onHello: (hello) => void fixture.hellos.push(hello),
    onState: (state, reason) => void fixture.states.push({ state, reason }),
    ...options,
  })
  await fixture.pass(0)
  return { ...fixture, link }
}
