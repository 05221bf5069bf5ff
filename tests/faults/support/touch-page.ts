import { randomUUID } from 'node:crypto'

/** Presses a face on a terminal's page. @returns the id that the page was thanked for */
export async function touchPage(kioskUrl: string, value: number): Promise<string> {
  const id = randomUUID()
  const answer = await fetch(new URL('/api/presses', kioskUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id, question: 'service', surveyRevision: 1, value, ageMs: 0 }),
  })
  if (!answer.ok) throw new Error(`the page refused a press: ${answer.status} ${await answer.text()}`)
  return id
}
