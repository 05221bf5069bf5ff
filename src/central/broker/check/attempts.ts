import type { RuleProof, Verdict } from './rules.ts'
import { type Scene, topicOf } from './scene.ts'

/** Of all that was tried: what was refused outright, what came through, and what just was not seen. */
export type Attempts = { refused: string[]; seen: string[]; unseen: string[] }

const listed = 4

const list = (names: readonly string[]) =>
  [...names.slice(0, listed), ...(names.length > listed ? [`${names.length - listed} more`] : [])].join(', ')

/** Not being seen proves something only where somebody looked. */
export function judge(rule: RuleProof['rule'], { refused, seen, unseen }: Attempts, didLook: boolean): RuleProof {
  const verdict: Verdict = seen.length > 0 ? 'broken' : unseen.length > 0 && !didLook ? 'open' : 'proven'
  const details: Record<Verdict, string> = {
    broken: `came through: ${list(seen)}`,
    open: `accepted, and no witness to see what became of it: ${list(unseen)}`,
    proven: [refused.length > 0 && `${refused.length} refused`, unseen.length > 0 && `${unseen.length} led nowhere`]
      .filter(Boolean)
      .join(', '),
  }
  return { rule, verdict, detail: details[verdict] }
}

/** Whether a message that is allowed, sent after all that was tried, arrives: what was tried had its time then. */
export async function passesFence(scene: Scene): Promise<boolean> {
  if (!scene.witness) {
    await scene.quiet()
    return false
  }
  const text = scene.token()
  const sender = await scene.openUsual(scene.attacker)
  await sender.publish(topicOf(scene.attacker, 'status'), text)
  const isThrough = await scene.witness.hears(text)
  await scene.quiet()
  await sender.end()
  return isThrough
}
