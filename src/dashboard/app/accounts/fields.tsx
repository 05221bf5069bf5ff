import type { ComponentChildren } from 'preact'
import { useId, useState } from 'preact/hooks'
import { useReader } from '../reader.ts'
import type { Sent } from './send-json.ts'

type FieldProps = {
  name: string
  label: string
  type?: 'text' | 'email' | 'password'
  autocomplete: string
  value?: string
  help?: string
  /** A word for what is wrong with it. */
  fault?: string | undefined
}

/** A labelled input; its help and its fault are read out with it. */
export function Field({ name, label, type = 'text', autocomplete, value, help, fault }: FieldProps) {
  const { words } = useReader()
  const { faults } = words.accounts
  const id = useId()
  const notes = [help && `${id}-help`, fault && `${id}-fault`].filter(Boolean).join(' ')
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        type={type as 'text'}
        {...{ id, name, autocomplete, required: true }}
        {...(value !== undefined && { defaultValue: value })}
        {...(notes && { 'aria-describedby': notes })}
        {...(fault && { 'aria-invalid': true })}
      />
      {help && (
        <p class="muted" id={`${id}-help`}>
          {help}
        </p>
      )}
      {fault && (
        <p class="field-fault" id={`${id}-fault`}>
          {faults[fault as keyof typeof faults] ?? faults.other}
        </p>
      )}
    </div>
  )
}

type FormProps = {
  submit: string
  send: (values: Record<string, string>) => Promise<Sent<unknown>>
  /** What to say to a status; null says it at the fields. */
  explain: (status: number) => string | null
  children: (faults: Record<string, string>) => ComponentChildren
}

/** A form that keeps what was typed when it is refused, and says why at the field. */
export function Form({ submit, send, explain, children }: FormProps) {
  const [faults, setFaults] = useState<Record<string, string>>({})
  const [problem, setProblem] = useState<string | null>(null)
  const [isSending, setIsSending] = useState(false)
  const onSubmit = (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault()
    const form = event.currentTarget
    const values = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]))
    setIsSending(true)
    void send(values).then((sent) => {
      setIsSending(false)
      setFaults(sent.ok ? {} : sent.faults)
      setProblem(sent.ok || Object.keys(sent.faults).length > 0 ? null : explain(sent.status))
      if (!sent.ok) form.querySelector<HTMLElement>(`[name="${Object.keys(sent.faults)[0]}"]`)?.focus()
    })
  }
  return (
    <form class="account-form" onSubmit={onSubmit} noValidate>
      {children(faults)}
      {problem && (
        <p class="field-fault" role="alert">
          {problem}
        </p>
      )}
      <button type="submit" class="button" disabled={isSending}>
        {submit}
      </button>
    </form>
  )
}
