import { cssColours } from '../../src/looks/colours.ts'
import { drawFace } from '../../src/looks/face.ts'
import { type Mood, moodsOfScale } from '../../src/looks/mood.ts'
import type { KioskWords } from '../../src/words/kiosk/kiosk-en.ts'

export type Answer = { value: number; mood: Mood | null; label: string }

/** The answers of a scale, best first: faces with their names where it has faces, else numbers. */
export function listAnswers(scaleMax: number, words: KioskWords): Answer[] {
  const moods = moodsOfScale(scaleMax)
  return Array.from({ length: scaleMax + 1 }, (_, i) => {
    const value = scaleMax - i
    const mood = moods?.[i] ?? null
    return { value, mood, label: mood ? words.moods[mood] : String(value) }
  })
}

type AnswersProps = { answers: Answer[]; label: string; chosen: number | null; take: (value: number) => void }

/**
 * The faces. They stay where they are and take presses at any time, also while thanks are shown.
 *
 * A press counts when the finger lands (`pointerdown`); `click` is for keyboards and screen readers, whose clicks
 * carry no pointer (`detail` 0).
 */
export function Answers({ answers, label, chosen, take }: AnswersProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset can't be a grid in all browsers
    <div
      class={`answers answers-${answers.length} ${chosen === null ? '' : 'is-chosen'}`}
      role="group"
      aria-label={label}
    >
      {answers.map(({ value, mood, label: name }, i) => (
        <button
          type="button"
          key={value}
          class={`answer ${chosen === value ? 'is-own' : ''}`}
          aria-keyshortcuts={i < 9 ? String(i + 1) : undefined}
          onPointerDown={(event) => {
            if (event.button === 0) take(value)
          }}
          onKeyDown={(event) => {
            if (event.repeat) event.preventDefault()
          }}
          onClick={(event) => {
            if (event.detail === 0) take(value)
          }}
        >
          {mood ? <span class="answer-face" dangerouslySetInnerHTML={{ __html: drawFace(mood, cssColours) }} /> : null}
          <span class={mood ? 'answer-label' : 'answer-number'}>{name}</span>
        </button>
      ))}
    </div>
  )
}
