import type { Desired } from '../../contracts/messages.ts'
import type { StoreReader } from '../store/port.ts'

/**
 * What a terminal shall show: the newest revision of the question of the touchpoint where it stands.
 *
 * @returns null while it stands nowhere, or nothing is asked there
 */
export async function makeDesired(
  read: Pick<StoreReader, 'catalogue'>,
  terminal: string,
  nowMs: number,
): Promise<Desired | null> {
  const { placements, touchpoints, surveys, rev } = await read.catalogue()
  const placement = placements
    .get(terminal)
    ?.find(({ fromMs, toMs }) => fromMs <= nowMs && (toMs === null || nowMs < toMs))
  const question = placement && touchpoints.get(placement.touchpoint)?.question
  const survey = question === undefined ? undefined : surveys.get(question)?.at(-1)
  if (!survey) return null
  const { revision, scaleMax, texts } = survey
  return { rev: Math.max(1, rev), survey: { question: survey.question, revision, scaleMax, texts: [...texts] } }
}
