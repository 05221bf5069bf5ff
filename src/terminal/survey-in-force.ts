import type { Desired } from '../contracts/messages.ts'

type Survey = Desired['survey']
/** What a press answers. */
export type AskedQuestion = Pick<Survey, 'question' | 'revision' | 'scaleMax'>

/** Which question this terminal asks: what the central said last, and before that a built-in one, so that no press is refused. */
export type SurveyInForce = {
  asked(): AskedQuestion
  /** What the page shows; null before the first configuration. */
  shown(): Survey | null
  /** Highest value of what is asked now, null for any other survey. */
  scaleOf(question: string, revision: number): number | null
  rev(): number
  set(desired: Desired): void
}

/** Preferred languages first, in the order wished, and no others; all of them where none of the wished is there. */
function chooseTexts(texts: Survey['texts'], languages: readonly string[]): Survey['texts'] {
  const chosen = languages.flatMap((language) => texts.filter((text) => text.language === language))
  return chosen.length > 0 ? chosen : texts
}

export function makeSurveyInForce(
  initial: Desired | null,
  builtIn: { question: string; revision: number },
  languages: readonly string[],
): SurveyInForce {
  let desired = initial
  const asked = () => desired?.survey ?? { ...builtIn, scaleMax: 3 }
  return {
    asked,
    scaleOf(question, revision) {
      const now = asked()
      return now.question === question && now.revision === revision ? now.scaleMax : null
    },
    shown: () => desired && { ...desired.survey, texts: chooseTexts(desired.survey.texts, languages) },
    rev: () => desired?.rev ?? 0,
    set(next) {
      desired = next
    },
  }
}
