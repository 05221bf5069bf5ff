/**
 * Proves that a broker guarantees what the wire leaves to it: that a terminal's name on a topic is its sender's.
 *
 * In: two accounts with the rights of terminals and, where refusals alone do not tell, a witness that may read and write the topics of
 * these two. Out: a verdict for each rule of `rules.ts`. Nothing of a real terminal is touched or read. A rule is proven by a refusal or
 * by what was not delivered although an allowed message sent later was; a broker that lets through no allowed message proves nothing.
 */
import {
  proveAnonymous,
  proveClientId,
  proveForeignPublish,
  proveForgedAnswers,
  proveOwnTopics,
} from './prove-access.ts'
import { proveForeignWill, proveOversized, proveRetained } from './prove-messages.ts'
import { proveForeignSubscribe, proveKeptSession } from './prove-reading.ts'
import type { RuleName, RuleProof } from './rules.ts'
import { type Scene, type SceneOptions, withScene } from './scene.ts'

const proofs: [RuleName, (scene: Scene) => Promise<RuleProof>][] = [
  ['own-topics', proveOwnTopics],
  ['anonymous', proveAnonymous],
  ['client-id', proveClientId],
  ['foreign-publish', proveForeignPublish],
  ['forged-answers', proveForgedAnswers],
  ['foreign-subscribe', proveForeignSubscribe],
  ['foreign-will', proveForeignWill],
  ['retained', proveRetained],
  ['kept-session', proveKeptSession],
  ['oversized', proveOversized],
]

/**
 * Takes some seconds.
 *
 * @returns one proof for each rule
 * @throws AppError `broker-unreachable` when the broker is not there, does not let a probe in, or went away meanwhile
 */
export async function checkBroker(options: SceneOptions): Promise<RuleProof[]> {
  const results: RuleProof[] = []
  for (const [rule, prove] of proofs) {
    const isVain = results[0]?.verdict === 'broken'
    if (isVain) results.push({ rule, verdict: 'open', detail: 'what is allowed does not work, so nothing is proven' })
    else results.push(await withScene(options, prove))
  }
  // A broker that died on the way refuses everything; it must not pass for a strict one.
  if (results[0]?.verdict === 'proven') await withScene(options, (scene) => scene.openUsual(scene.attacker))
  return results
}
