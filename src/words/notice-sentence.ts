/** What was odd on one day at one touchpoint, each in one sentence. Only silence is judged; the rest is counted. */
import { certaintyOf, sayWhen } from './dip-sentence.ts'
import { standingWords } from './dip-standing.ts'

/** `date` is the business date, `zone` IANA; hours are local. */
export type NoticeFacts = { date: string; zone: string } & (
  | { kind: 'silence'; startHour: number; endHour: number; expected: number; q: number }
  | { kind: 'same-value'; terminal: string; presses: number; fromMs: number; toMs: number }
  | { kind: 'closed-hour'; startHour: number; endHour: number; presses: number }
)

function sayHours({ startHour, endHour }: { startHour: number; endHour: number }, language: string): string {
  return sayWhen({ weekdays: null, startHour, endHour, ended: null }, { when: 'before' }, language).hours
}

/** @param language BCP 47 tag; English where we do not speak it */
export function formatNotice(facts: NoticeFacts, language: string): string {
  const { words, whole, time, ...write } = standingWords(language)
  const date = write.date(facts.date, facts.date)
  switch (facts.kind) {
    case 'silence':
      return words.silence({
        date,
        hours: sayHours(facts, language),
        expected: whole(facts.expected),
        certainty: words.silenceCertainty[certaintyOf(facts.q)],
      })
    case 'same-value':
      return words.sameValue({
        date,
        from: time(facts.fromMs, facts.zone),
        to: time(facts.toMs, facts.zone),
        presses: whole(facts.presses),
        terminal: facts.terminal,
      })
    case 'closed-hour':
      return words.closedHour({
        date,
        hours: sayHours(facts, language),
        count: facts.presses,
        presses: whole(facts.presses),
      })
  }
}
