import { useId, useState } from 'preact/hooks'
import type { DipFix, DipItem, PlaceDipItem } from '../../contracts/http/dips.ts'
import { mayDo, useSession } from './accounts/session.ts'
import { Fact } from './fact.tsx'
import type { Failure } from './fetch-json.ts'
import { useReader } from './reader.ts'
import { sendJson } from './send-json.ts'

type FixProps = {
  dip: DipItem | PlaceDipItem
  /** Called once something changed. */
  onChange: () => void
}

/** Sends a change, and says what became of it. */
function useChange(dip: string, onChange: () => void) {
  const [failure, setFailure] = useState<Failure | null>(null)
  const [isBusy, setBusy] = useState(false)
  const send = async (method: 'PUT' | 'DELETE', body?: object) => {
    setBusy(true)
    const failed = await sendJson(method, `/api/v1/dips/${encodeURIComponent(dip)}/fix`, body)
    setBusy(false)
    setFailure(failed)
    if (!failed) onChange()
  }
  return { failure, isBusy, send }
}

function FailureNote({ failure }: { failure: Failure | null }) {
  const { words } = useReader()
  const detail = failure?.kind === 'unreachable' ? words.states.unreachable : failure?.detail
  return (
    <p class="fix-error" role="status">
      {failure && `${words.dips.fix.failed}. ${detail ?? ''}`}
    </p>
  )
}

function FixFacts({ fix }: { fix: DipFix }) {
  const { words, formats } = useReader()
  const { entered, verdict, verdicts, decidedOn, remaining, interval } = words.dips.fix
  const more = fix.verdict === 'too-early' && fix.moreDays !== null
  const detail = fix.decidedOn === null ? undefined : decidedOn(formats.date(fix.decidedOn))
  return (
    <dl class="facts">
      <Fact name={entered} value={formats.date(fix.fixDate)} />
      <Fact
        name={verdict}
        value={verdicts[fix.verdict ?? 'waiting']}
        detail={more ? words.dips.moreDays(fix.moreDays ?? 0, formats.whole(fix.moreDays)) : detail}
      />
      {fix.remaining && (
        <Fact
          name={remaining}
          value={words.dip.points(formats.whole(Math.max(0, fix.remaining.depth)))}
          detail={interval(formats.whole(fix.remaining.lower), formats.whole(fix.remaining.upper))}
        />
      )}
    </dl>
  )
}

function EnteredFix({ dip, fix, onChange }: FixProps & { fix: DipFix }) {
  const { words } = useReader()
  const mayUndo = mayDo(useSession(), 'note-fixes')
  const { failure, isBusy, send } = useChange(dip.id, onChange)
  return (
    <section class="fix">
      <FixFacts fix={fix} />
      {mayUndo && (
        <button type="button" class="link-button" disabled={isBusy} onClick={() => send('DELETE')}>
          {words.dips.fix.undo}
        </button>
      )}
      <FailureNote failure={failure} />
    </section>
  )
}

const today = (): string => new Date().toLocaleDateString('sv-SE')

function FixForm({ dip, onChange }: FixProps) {
  const { words } = useReader()
  const { title, label, help, save, invalid } = words.dips.fix
  const { failure, isBusy, send } = useChange(dip.id, onChange)
  const [date, setDate] = useState(today)
  const id = useId()
  const isInvalid = date === '' || date > today()
  const submit = (event: Event) => {
    event.preventDefault()
    if (!isInvalid && !isBusy) void send('PUT', { date })
  }
  return (
    <form class="fix" onSubmit={submit} aria-label={title}>
      <h4>{title}</h4>
      <p class="muted" id={`${id}-help`}>
        {help}
      </p>
      <div class="fix-entry">
        <label>
          <span>{label}</span>
          <input
            type="date"
            value={date}
            max={today()}
            aria-invalid={isInvalid}
            aria-describedby={`${id}-help`}
            onInput={(event) => setDate(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="button" disabled={isBusy}>
          {save}
        </button>
      </div>
      {isInvalid && <p class="fix-error">{invalid}</p>}
      <FailureNote failure={failure} />
    </form>
  )
}

/** Where people say what they did about a dip, and what became of it. */
export function FixSection({ dip, onChange }: FixProps) {
  const mayEnter = mayDo(useSession(), 'note-fixes')
  if (dip.fix) return <EnteredFix dip={dip} fix={dip.fix} onChange={onChange} />
  return !mayEnter || dip.state === 'over' || dip.state === 'fixed' ? null : <FixForm dip={dip} onChange={onChange} />
}
