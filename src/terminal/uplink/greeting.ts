import { maxHeldEpochs } from '../../contracts/limits.ts'
import type { Hello, Welcome } from '../../contracts/messages.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Custody } from './custody.ts'
import type { UplinkCounters } from './uplink-counters.ts'

/** What a hello says besides the outbox's own state. */
export type HelloParts = Pick<Hello, 'versions' | 'boot' | 'box'>

export type GreetingOptions = {
  custody: Custody
  clock: Clock
  counters: UplinkCounters
  randomHex: (digits: number) => string
  helloParts: () => HelloParts
}

/** Which of our questions a welcome answers, what it says about marks, and what time it is. */
export type Greeting = {
  /** The hellos of one greeting: one, or more where more epochs are held than fit into one. */
  makeHellos(): Hello[]
  /** Registers a nonce of ours, whose welcome is to be believed. */
  askMarks(): string
  /**
   * Believes nothing yet.
   *
   * @returns notes its marks and its time, for when the broker it came by has been judged; null where it answers no question of ours
   */
  takeWelcome(welcome: Welcome): (() => void) | null
  /** The connection is gone: what answers its questions later is not to be believed. */
  forgetQuestions(): void
}

type Question = {
  askedAtMs: number
  /** Only one page of a greeting is timed; the others waited behind it. */
  isTimed: boolean
  /** What was confirmed when we asked. A mark below that means a restored central; one below a later ack is merely older than the ack. */
  confirmed: Map<string, number>
}
const maxQuestions = 64
/** Both clocks count whole milliseconds. */
const resolutionMs = 2

export function makeGreeting({ custody, clock, counters, randomHex, helloParts }: GreetingOptions): Greeting {
  const questions = new Map<string, Question>()
  type Held = ReturnType<Custody['held']>

  function ask(held: Held, isTimed: boolean): string {
    const nonce = randomHex(16)
    const confirmed = new Map(held.map((epoch) => [epoch.epoch, epoch.confirmed]))
    questions.set(nonce, { askedAtMs: clock.monoMs(), isTimed, confirmed })
    const [oldest] = questions.keys()
    if (questions.size > maxQuestions && oldest) questions.delete(oldest)
    return nonce
  }

  function appendAnchor({ serverTime }: Welcome, askedAtMs: number): void {
    const monoMs = clock.monoMs()
    const roundTripMs = monoMs - askedAtMs
    // Cristian 1989: the central read its clock somewhere in the round trip, most likely half-way.
    const appended = custody.append({
      kind: 'anchor',
      boot: helloParts().boot,
      monoMs,
      wallMs: clock.wallMs(),
      utcMs: serverTime + Math.round(roundTripMs / 2),
      errorMs: Math.ceil(roundTripMs / 2) + resolutionMs,
      clock: 'exchange',
    })
    if (appended === 'full') counters.add('anchor-not-stored')
  }

  function applyMark({ epoch, upTo }: Welcome['marks'][number], confirmed: number): void {
    const change = upTo < confirmed ? custody.align({ epoch, upTo }) : custody.confirm({ epoch, upTo })
    if (change === 'rewound') counters.add('rewound')
    if (change === 'beyond') counters.add('ack-beyond')
  }

  function makeHello(held: Held, isTimed: boolean): Hello {
    const waiting = custody.waiting?.()
    return {
      nonce: ask(held, isTimed),
      ...helloParts(),
      epoch: custody.epoch(),
      held: held.map(({ epoch, first, last }) => ({ epoch, first, last })),
      monoMs: clock.monoMs(),
      touchIssued: custody.touchIssued(),
      ...(waiting === 'unreadable' ? { unreadable: true } : waiting && { waiting }),
    }
  }

  return {
    makeHellos() {
      const held = custody.held()
      const hellos = [makeHello(held.slice(0, maxHeldEpochs), true)]
      for (let at = maxHeldEpochs; at < held.length; at += maxHeldEpochs) {
        hellos.push(makeHello(held.slice(at, at + maxHeldEpochs), false))
      }
      return hellos
    },
    askMarks: () => ask(custody.held(), false),
    takeWelcome(welcome) {
      const question = questions.get(welcome.nonce)
      if (!question) {
        counters.add('welcome-unasked')
        return null
      }
      questions.delete(welcome.nonce)
      return () => {
        for (const mark of welcome.marks) applyMark(mark, question.confirmed.get(mark.epoch) ?? 0)
        if (question.isTimed) appendAnchor(welcome, question.askedAtMs)
      }
    },
    forgetQuestions: () => questions.clear(),
  }
}
