import { maxHeldEpochs } from '../../contracts/limits.ts'
import type { Hello, Welcome } from '../../contracts/messages.ts'
import { formatMessage, parseWelcome } from '../../contracts/parse-message.ts'
import { makeTopic } from '../../contracts/topics.ts'
import type { Clock } from '../../shared/clock.ts'
import { readBootId } from '../../terminal/health/boot-id.ts'
import { listVersions } from '../../terminal/list-versions.ts'
import type { OutboxAccount } from '../../terminal/outbox/read-account.ts'
import { openBrokerConnection } from '../../terminal/uplink/broker-connection.ts'
import type { Failure } from '../../terminal/uplink/explain-failure.ts'

/** What the central says of a terminal: its marks by epoch, and its clock beside ours. */
export type BrokerAnswer = { marks: Record<string, number>; serverTimeMs: number; wallMs: number; roundTripMs: number }
export type ProbeResult = { ok: true; answer: BrokerAnswer } | { ok: false; failure: Failure }

export type ProbeOptions = {
  url: string
  terminal: string
  secret: string
  ca?: string
  pins: readonly string[]
  epochs: OutboxAccount['epochs']
  clock: Clock
  randomHex: (digits: number) => string
  deadlineMs: number
}

/**
 * Does over one broker what the terminal does: connects under its name, reads its own topics, and asks the central by a hello that is
 * marked as a mere question (WIRE.md §5.1), so that it is no sign of life. Only for a terminal whose daemon is stopped.
 */
export function probeBroker(options: ProbeOptions): Promise<ProbeResult> {
  const { url, terminal, secret, ca, pins, clock, randomHex, deadlineMs } = options
  const pages = makeHellos(options)
  const marks: Record<string, number> = {}
  let askedAtMs = 0
  return new Promise((resolve) => {
    const deadline = setTimeout(finish, deadlineMs, {
      ok: false,
      failure: { reason: 'no-welcome', text: 'the broker takes us, but no central answers through it' },
    })
    const connection = openBrokerConnection({
      ...{ url, terminal, secret, pins, knownUtcMs: () => null, connection: randomHex(16), clock, deadlineMs },
      ...(ca !== undefined && { ca }),
      keepaliveSeconds: 60,
      onUp: ask,
      onMessage: (topic, payload) => topic === makeTopic(terminal, 'welcome') && takeWelcome(payload),
      onDown: (failure) => finish({ ok: false, failure }),
      onPublishFailed: () => {},
    })

    function ask(): void {
      askedAtMs = clock.monoMs()
      const [hello] = pages
      if (hello) connection.publish('hello', formatMessage(hello))
    }

    function takeWelcome(payload: Uint8Array): void {
      const parsed = parseWelcome(payload)
      if (!parsed.ok || parsed.value.nonce !== pages[0]?.nonce) return
      for (const { epoch, upTo } of parsed.value.marks) marks[epoch] = upTo
      pages.shift()
      if (pages.length > 0) ask()
      else finishWell(parsed.value)
    }

    function finishWell({ serverTime: serverTimeMs }: Welcome): void {
      const answer = { marks, serverTimeMs, wallMs: clock.wallMs(), roundTripMs: clock.monoMs() - askedAtMs }
      // A certificate that is out of its time by the central's clock: the connection ends with its failure.
      if (connection.noteTime(serverTimeMs)) finish({ ok: true, answer })
    }

    function finish(result: ProbeResult): void {
      clearTimeout(deadline)
      void connection.close(1_000).then(() => resolve(result))
    }
  })
}

/** Names the newest epoch that there is: the daemon's next start draws another one. */
function makeHellos({ epochs, clock, randomHex }: ProbeOptions): Hello[] {
  const held = epochs.map(({ epoch, first, last }) => ({ epoch, first, last }))
  const parts = {
    ...{ versions: listVersions(null), boot: readBootId(randomHex), monoMs: clock.monoMs(), probe: true },
    epoch: held.at(-1)?.epoch ?? randomHex(16),
  }
  return Array.from({ length: Math.max(1, Math.ceil(held.length / maxHeldEpochs)) }, (_, page) => ({
    ...parts,
    nonce: randomHex(16),
    held: held.slice(page * maxHeldEpochs, (page + 1) * maxHeldEpochs),
  }))
}
