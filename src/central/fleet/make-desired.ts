import type { Desired } from '../../contracts/messages.ts'
import type { StoreReader } from '../store/port.ts'

/**
 * What a terminal shall show: the newest revision of its touchpoint's question.
 *
 * @returns null while it stands nowhere. `rev` is the catalogue's, so a higher one is newer, and the same one the same content.
 */
export async function makeDesired(read: StoreReader, terminal: string, nowMs: number): Promise<Desired | null> {
  const { rev, placements, touchpoints, surveys } = await read.catalogue()
  const placement = placements
    .get(terminal)
    ?.findLast(({ fromMs, toMs }) => fromMs <= nowMs && (toMs === null || nowMs < toMs))
  const touchpoint = placement && touchpoints.get(placement.touchpoint)
  const survey = touchpoint && surveys.get(touchpoint.question)?.at(-1)
  if (!survey) return null
  const { question, revision, scaleMax, texts } = survey
  const { zone, lights } = touchpoint
  return { rev, survey: { question, revision, scaleMax, texts }, ...(lights && { lights: { zone, ...lights } }) }
}
