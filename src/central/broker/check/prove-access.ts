import { maxPayloadBytes } from '../../../contracts/limits.ts'
import { downLeaves } from '../../../contracts/topics.ts'
import { type Attempts, judge, passesFence } from './attempts.ts'
import type { RuleProof } from './rules.ts'
import { type Scene, topicOf } from './scene.ts'

const upLeaves = ['hello', 'batch', 'health', 'status'] as const

/** Without this nothing else proves anything: on a deaf broker nobody sees anything come through. */
export async function proveOwnTopics(scene: Scene): Promise<RuleProof> {
  const { attacker: own, witness } = scene
  const failed: string[] = []
  const client = await scene.open(own, { will: { topic: topicOf(own, 'status'), text: 'probe-will' } })
  if (!client) return { rule: 'own-topics', verdict: 'broken', detail: `probe ${own} is not let in; wrong password?` }
  if ((await client.subscribe(downLeaves.map((leaf) => topicOf(own, leaf)))) === 'refused') failed.push('subscribing')
  for (const leaf of upLeaves) {
    const text = leaf === 'batch' ? scene.token().padEnd(maxPayloadBytes, '.') : scene.token()
    const outcome = await client.publish(topicOf(own, leaf), text)
    if (outcome !== 'acknowledged' || (witness && !(await witness.hears(text)))) failed.push(leaf)
  }
  for (const leaf of witness ? downLeaves : []) {
    const text = scene.token()
    await witness?.publish(topicOf(own, leaf), text)
    if (!(await client.hears(text))) failed.push(leaf)
  }
  client.drop()
  if (witness && !(await witness.hears('probe-will'))) failed.push('the will')
  const verdict = failed.length > 0 ? 'broken' : 'proven'
  return {
    rule: 'own-topics',
    verdict,
    detail: failed.length > 0 ? `does not work: ${failed.join(', ')}` : 'all heard',
  }
}

export async function proveAnonymous(scene: Scene): Promise<RuleProof> {
  const attempts: Attempts = { refused: [], seen: [], unseen: [] }
  const { attacker } = scene
  const strangers = [
    ['no user name', { clientId: 'probe-stranger' }],
    ['no user name, a client id of a terminal', { clientId: attacker }],
    ['a wrong password', { clientId: attacker, credentials: { username: attacker, password: scene.token() } }],
    ['an unknown user', { clientId: 'probe-nobody', credentials: { username: 'probe-nobody', password: 'x' } }],
  ] as const
  for (const [what, options] of strangers) {
    const client = await scene.openStranger(options)
    attempts[client ? 'seen' : 'refused'].push(what)
    await client?.end()
  }
  return judge('anonymous', attempts, true)
}

/** A broker may let the connection in, under the user's own name; then the true owner of the client id must notice nothing. */
export async function proveClientId(scene: Scene): Promise<RuleProof> {
  const { attacker, victim, witness } = scene
  const attempts: Attempts = { refused: [], seen: [], unseen: [] }
  const owner = await scene.openUsual(victim)
  await owner.subscribe([topicOf(victim, 'ack')])
  const thief = await scene.open(attacker, { clientId: victim })
  if (!thief) return judge('client-id', { ...attempts, refused: ['a foreign client id'] }, true)
  const text = scene.token()
  await thief.publish(topicOf(victim, 'hello'), text)
  await thief.subscribe([topicOf(victim, 'ack')])
  await witness?.publish(topicOf(victim, 'ack'), text)
  const didLook = await passesFence(scene)
  attempts[owner.isOpen() ? 'unseen' : 'seen'].push('taking over a connection')
  attempts[witness?.heard.some((one) => one.text === text && one.topic.endsWith('hello')) ? 'seen' : 'unseen'].push(
    'publishing by a foreign client id',
  )
  attempts[thief.heard.some((one) => one.text === text) ? 'seen' : 'unseen'].push('reading by a foreign client id')
  return judge('client-id', attempts, didLook)
}

/** Publishes to each topic, and looks whether the witness or the victim hears it. */
async function tryToPublish(
  scene: Scene,
  topics: readonly string[],
): Promise<{ attempts: Attempts; didLook: boolean }> {
  const { attacker, victim, witness } = scene
  const [text, early] = [scene.token(), scene.token()]
  const listener = await scene.openUsual(victim)
  await listener.subscribe(downLeaves.map((leaf) => topicOf(victim, leaf)))
  await witness?.publish(topicOf(victim, 'desired'), early)
  const isListening = witness ? await listener.hears(early) : false
  const refused: string[] = []
  let client = await scene.openUsual(attacker)
  for (const topic of topics) {
    if (!client.isOpen()) client = await scene.openUsual(attacker)
    if ((await client.publish(topic, text)) === 'cut-off') refused.push(topic)
  }
  await client.end()
  const isThrough = await passesFence(scene)
  const heard = new Set(
    [...(witness?.heard ?? []), ...listener.heard].filter((one) => one.text === text).map((one) => one.topic),
  )
  const seen = topics.filter((topic) => heard.has(topic))
  const unseen = topics.filter((topic) => !heard.has(topic) && !refused.includes(topic))
  return { attempts: { refused, seen, unseen }, didLook: isThrough && isListening }
}

export async function proveForeignPublish(scene: Scene): Promise<RuleProof> {
  const topics = [...upLeaves.map((leaf) => topicOf(scene.victim, leaf)), topicOf(scene.victim, 'other')]
  const { attempts, didLook } = await tryToPublish(scene, topics)
  return judge('foreign-publish', attempts, didLook)
}

export async function proveForgedAnswers(scene: Scene): Promise<RuleProof> {
  const topics = [scene.victim, scene.attacker].flatMap((one) => downLeaves.map((leaf) => topicOf(one, leaf)))
  const { attempts, didLook } = await tryToPublish(scene, topics)
  return judge('forged-answers', attempts, didLook)
}
