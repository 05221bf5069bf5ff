import { maxPayloadBytes } from '../../../contracts/limits.ts'
import { type Attempts, judge, passesFence } from './attempts.ts'
import type { RuleProof } from './rules.ts'
import { type Scene, topicOf } from './scene.ts'

const nothing = (): Attempts => ({ refused: [], seen: [], unseen: [] })

export async function proveForeignWill(scene: Scene): Promise<RuleProof> {
  const attempts = nothing()
  let didLookAlways = true
  for (const leaf of ['status', 'ack']) {
    const [topic, text] = [topicOf(scene.victim, leaf), scene.token()]
    const client = await scene.open(scene.attacker, { will: { topic, text } })
    client?.drop()
    if (!client) attempts.refused.push(topic)
    else {
      // The fence connects under the same name, which ends what is left of the dropped connection before it speaks.
      didLookAlways = (await passesFence(scene)) && didLookAlways
      attempts[scene.witness?.heard.some((one) => one.text === text) ? 'seen' : 'unseen'].push(topic)
    }
  }
  return judge('foreign-will', attempts, didLookAlways)
}

/** A new subscription is when retained messages come. */
async function isRetained(scene: Scene, text: string): Promise<boolean> {
  const filter = topicOf(scene.attacker, '+')
  await scene.witness?.unsubscribe([filter])
  await scene.witness?.subscribe([filter])
  await scene.quiet()
  return scene.witness?.heard.some((one) => one.retain && one.text === text) ?? false
}

export async function proveRetained(scene: Scene): Promise<RuleProof> {
  const { attacker } = scene
  const attempts = nothing()
  const topic = topicOf(attacker, 'status')
  let didLookAlways = true
  const look = async (what: string, text: string) => {
    didLookAlways = (await passesFence(scene)) && didLookAlways
    const isKept = await isRetained(scene, text)
    attempts[isKept ? 'seen' : 'unseen'].push(what)
    // An empty retained message removes the one before (MQTT-3.3.1-10).
    if (isKept) await scene.witness?.publish(topic, '', true)
  }
  const text = scene.token()
  const client = await scene.openUsual(attacker)
  if ((await client.publish(topic, text, true)) === 'cut-off') attempts.refused.push('a message')
  else await look('a message', text)
  const will = { topic, text: scene.token(), retain: true }
  const dying = await scene.open(attacker, { will })
  dying?.drop()
  if (dying) await look('a will', will.text)
  else attempts.refused.push('a will')
  return judge('retained', attempts, didLookAlways)
}

export async function proveOversized(scene: Scene): Promise<RuleProof> {
  const text = scene.token().padEnd(2 * maxPayloadBytes, '.')
  const client = await scene.openUsual(scene.attacker)
  const outcome = await client.publish(topicOf(scene.attacker, 'batch'), text)
  if (outcome === 'cut-off') return judge('oversized', { ...nothing(), refused: ['64 KiB'] }, true)
  const didLook = await passesFence(scene)
  const isSeen = scene.witness?.heard.some((one) => one.text === text)
  return judge('oversized', { ...nothing(), [isSeen ? 'seen' : 'unseen']: ['64 KiB'] }, didLook)
}
