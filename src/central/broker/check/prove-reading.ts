import { type Attempts, judge } from './attempts.ts'
import type { ProbeClient } from './probe-client.ts'
import type { RuleProof } from './rules.ts'
import { type Scene, topicOf } from './scene.ts'

const makeFilters = (victim: string) => [
  ...['ack', 'welcome', 'desired', 'batch', '+', '#'].map((leaf) => topicOf(victim, leaf)),
  ...[topicOf('+', 'ack'), topicOf('+', 'batch'), '#', '+/+/+/+', '$SYS/#'],
  ...[`$share/probe/${topicOf('+', 'ack')}`, `$share/probe/${topicOf(victim, 'batch')}`],
]

/** Lets the victim speak and be spoken to; then whether the spy, who may read its own welcome, heard any of that. */
async function listenIn(
  scene: Scene,
  spy: ProbeClient,
  victim: ProbeClient,
): Promise<{ heard: string[]; didLook: boolean }> {
  const { witness } = scene
  const [text, last] = [scene.token(), scene.token()]
  await victim.publish(topicOf(scene.victim, 'batch'), text)
  for (const leaf of ['welcome', 'ack', 'desired']) await witness?.publish(topicOf(scene.victim, leaf), text)
  await witness?.publish(topicOf(scene.attacker, 'welcome'), last)
  const didLook = witness ? await spy.hears(last) : false
  await scene.quiet()
  const heard = spy.heard.filter((one) => one.text === text || one.topic.startsWith('$SYS')).map((one) => one.topic)
  return { heard, didLook }
}

export async function proveForeignSubscribe(scene: Scene): Promise<RuleProof> {
  const attempts: Attempts = { refused: [], seen: [], unseen: [] }
  const victim = await scene.openUsual(scene.victim)
  let didLookAlways = true
  for (const filter of makeFilters(scene.victim)) {
    const spy = await scene.openUsual(scene.attacker)
    if ((await spy.subscribe([filter])) === 'refused') attempts.refused.push(filter)
    else {
      // Mosquitto grants every subscription and filters what it delivers, so that only deliveries tell.
      await spy.subscribe([topicOf(scene.attacker, 'welcome')])
      const { heard, didLook } = await listenIn(scene, spy, victim)
      attempts[heard.length > 0 ? 'seen' : 'unseen'].push(filter)
      didLookAlways &&= didLook
    }
    await spy.end()
  }
  return judge('foreign-subscribe', attempts, didLookAlways)
}

/** The hole of aedes up to 1.1.1: a denied topic of a kept session was stored all the same, and delivered after the next connect. */
export async function proveKeptSession(scene: Scene): Promise<RuleProof> {
  const attempts: Attempts = { refused: [], seen: [], unseen: [] }
  const what = 'denied subscription of a kept session'
  const first = await scene.open(scene.attacker, { clean: false })
  if (!first) return judge('kept-session', { ...attempts, refused: ['a session that is not clean'] }, true)
  const victim = await scene.openUsual(scene.victim)
  await first.subscribe([topicOf(scene.attacker, 'welcome'), topicOf(scene.victim, 'ack'), topicOf('+', 'desired')])
  await first.end()
  const away = scene.token()
  for (const leaf of ['ack', 'desired']) await scene.witness?.publish(topicOf(scene.victim, leaf), away)
  const back = await scene.open(scene.attacker, { clean: false })
  if (!back) return judge('kept-session', { ...attempts, refused: [what] }, true)
  await back.subscribe([topicOf(scene.attacker, 'welcome')])
  const { heard, didLook } = await listenIn(scene, back, victim)
  const isSeen = heard.length > 0 || back.heard.some((one) => one.text === away)
  attempts[isSeen ? 'seen' : 'unseen'].push(what)
  await back.end()
  // A clean session throws the kept one away.
  await (await scene.open(scene.attacker))?.end()
  return judge('kept-session', attempts, didLook)
}
