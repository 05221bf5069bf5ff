/**
 * The touch page of a terminal. In come what to show and presses of the box from the daemon, and fingers and keys from
 * people; out go presses through the queue. The next person never waits: thanks take the question's place, the faces stay.
 */
import { useEffect, useMemo, useState } from 'preact/hooks'
import type { KioskState } from '../../src/contracts/http/kiosk.ts'
import { kioskWords } from '../../src/words/kiosk/kiosk-words.ts'
import { chooseLanguage } from '../../src/words/languages.ts'
import { Answers, listAnswers } from './answers.tsx'
import { followKiosk } from './follow-kiosk.ts'
import { LanguageButtons } from './language-buttons.tsx'
import { makeTouchId } from './make-touch-id.ts'
import { makePressQueue, type QueueState } from './press-queue.ts'
import { sendPress } from './send-press.ts'
import { useLanguage } from './use-language.ts'
import { useThanks } from './use-thanks.ts'

type Survey = NonNullable<KioskState['survey']>

function SettingUp() {
  const language = chooseLanguage(navigator.languages)
  const words = kioskWords[language]
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  return (
    <main class="setting-up">
      <h1>{words.settingUp}</h1>
      <p>{words.settingUpDetail}</p>
    </main>
  )
}

/** Keys 1, 2, … press the answers from the left, as the box's buttons are numbered; a held key is one press. */
function useNumberKeys(values: readonly number[], take: (value: number) => void) {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.repeat || event.ctrlKey || event.altKey || event.metaKey) return
      const value = /^[1-9]$/.test(event.key) ? values[Number(event.key) - 1] : undefined
      if (value !== undefined) take(value)
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  })
}

function QueueNote({ queue, words }: { queue: QueueState; words: (typeof kioskWords)['en'] }) {
  const waiting = queue.isStuck && queue.waiting > 0 ? words.waiting(queue.waiting) : ''
  return (
    <p class="queue-note" role="status" data-waiting={queue.waiting} data-lost={queue.lost}>
      {queue.isFull ? words.full : waiting}
    </p>
  )
}

type QuestionProps = { survey: Survey; queue: QueueState; thanked: number | null; take: (value: number) => void }

function Question({ survey, queue, thanked, take }: QuestionProps) {
  const { language, choose } = useLanguage(survey.texts.map((text) => text.language))
  const words = kioskWords[chooseLanguage([language])]
  const answers = listAnswers(survey.scaleMax, words)
  useNumberKeys(
    answers.map((answer) => answer.value),
    take,
  )
  const text = survey.texts.find((candidate) => candidate.language === language)?.text ?? ''
  return (
    <main class="question">
      <div class="top">
        <LanguageButtons survey={survey} language={language} label={words.languages} choose={choose} />
      </div>
      <div class="text">
        <h1 class={thanked === null ? '' : 'is-away'} lang={language}>
          {text}
        </h1>
        <p class={`thanks ${thanked === null ? 'is-away' : ''}`} role="status">
          {thanked === null ? '' : words.thanks}
        </p>
      </div>
      <Answers answers={answers} label={words.answers} chosen={thanked} take={take} />
      <QueueNote queue={queue} words={words} />
    </main>
  )
}

export function Kiosk() {
  const [survey, setSurvey] = useState<Survey | null>(null)
  const [queueState, setQueueState] = useState<QueueState>({
    waiting: 0,
    isStuck: false,
    isFull: false,
    lost: 0,
  })
  const { thanked, thank } = useThanks()
  const queue = useMemo(
    () =>
      makePressQueue({
        send: sendPress,
        now: () => performance.now(),
        schedule: (run, delayMs) => void setTimeout(run, delayMs),
        onChange: setQueueState,
      }),
    [],
  )
  useEffect(
    () =>
      followKiosk({
        // The last survey stays when the daemon restarts without one: people must not meet an empty screen.
        onState: (state) => setSurvey((before) => state.survey ?? before),
        onPress: thank,
      }),
    [thank],
  )

  if (survey === null) return <SettingUp />
  const take = (value: number) => {
    const press = { id: makeTouchId(crypto), question: survey.question, surveyRevision: survey.revision, value }
    if (queue.add(press)) thank(value)
  }
  return <Question survey={survey} queue={queueState} thanked={thanked?.value ?? null} take={take} />
}
