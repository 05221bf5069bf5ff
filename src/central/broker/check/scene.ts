import { setTimeout as delay } from 'node:timers/promises'
import { AppError } from '../../../shared/errors.ts'
import { type Credentials, openProbe, type ProbeClient, type ProbeOptions, type Reach } from './probe-client.ts'

export type SceneOptions = Reach & {
  /** An account that may read and write all topics of the two probes, as the central may of all terminals; without one, only refusals prove. */
  witness: Credentials | null
  /** Two accounts with the rights of terminals. */
  probes: readonly [Credentials, Credentials]
  /** How long to listen on after a message that was sent later has arrived. */
  quietMs: number
  randomHex(digits: number): string
}

/** The connections of one rule's proof; all of them end with it. */
export type Scene = {
  /** Names of the two probes: the one that tries, and the one that must not be harmed. */
  attacker: string
  victim: string
  hasWitness: boolean
  /** Connects as one of the probes, with anything else than usual; null where the broker refuses. */
  open(probe: string, options?: Partial<ProbeOptions>): Promise<ProbeClient | null>
  /** @throws AppError `broker-unreachable` when the probe is not let in with nothing unusual about it */
  openUsual(probe: string): Promise<ProbeClient>
  /** Connects as nobody in particular. */
  openStranger(options: ProbeOptions): Promise<ProbeClient | null>
  /** Hears all topics of both probes and may publish there; null where there is no such account. */
  witness: ProbeClient | null
  /** Words that are in no other message. */
  token(): string
  /** Waits until nothing that was sent before can still be on its way. */
  quiet(): Promise<void>
}

export const topicOf = (terminal: string, leaf: string) => `smilepost/v1/${terminal}/${leaf}`

/** Runs one rule's proof with connections of its own. */
export async function withScene<T>(options: SceneOptions, prove: (scene: Scene) => Promise<T>): Promise<T> {
  const opened: ProbeClient[] = []
  const keep = (client: ProbeClient | null) => {
    if (client) opened.push(client)
    return client
  }
  const credentialsOf = (probe: string) => options.probes.find(({ username }) => username === probe)
  const open: Scene['open'] = async (probe, unusual = {}) =>
    keep(await openProbe(options, { credentials: credentialsOf(probe), clientId: probe, ...unusual }))
  const [attacker, victim] = [options.probes[0].username, options.probes[1].username]
  try {
    const witness = keep(await openWitness(options, [attacker, victim]))
    return await prove({
      ...{ attacker, victim, open, witness, hasWitness: witness !== null },
      async openUsual(probe) {
        const client = await open(probe)
        if (client) return client
        throw new AppError('broker-unreachable', `${options.url}: probe ${probe} is not let in; wrong password?`)
      },
      openStranger: async (unusual) => keep(await openProbe(options, unusual)),
      token: () => `probe-${options.randomHex(16)}`,
      quiet: () => delay(options.quietMs, undefined, { signal: options.signal }),
    })
  } finally {
    await Promise.all(opened.map((client) => client.end()))
  }
}

async function openWitness(options: SceneOptions, probes: readonly string[]): Promise<ProbeClient | null> {
  const { witness } = options
  if (!witness) return null
  const client = await openProbe(options, { credentials: witness, clientId: witness.username })
  if (!client) {
    throw new AppError(
      'broker-unreachable',
      `${options.url}: witness ${witness.username} is not let in; wrong password?`,
    )
  }
  await client.subscribe(probes.map((probe) => topicOf(probe, '+')))
  return client
}
