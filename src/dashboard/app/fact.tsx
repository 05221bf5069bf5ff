import type { ComponentChildren } from 'preact'

type FactProps = { name: string; value: ComponentChildren; detail?: ComponentChildren }

/** One line of a list of facts: a name, what it is, and what is to be said of that. */
export function Fact({ name, value, detail }: FactProps) {
  return (
    <div class="fact">
      <dt>{name}</dt>
      <dd>
        <span class="fact-value">{value}</span>
        {detail && <span class="fact-detail">{detail}</span>}
      </dd>
    </div>
  )
}
