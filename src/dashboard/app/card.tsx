import type { ComponentChildren } from 'preact'
import { useReader } from './reader.ts'

/** How a figure is computed, one press away from the figure. */
export function Help({ title, children }: { title?: string; children: ComponentChildren }) {
  const { words } = useReader()
  return (
    <details class="help">
      <summary>{title ?? words.helpTitle}</summary>
      <p>{children}</p>
    </details>
  )
}

type CardProps = {
  title: string
  help?: string
  class?: string
  aside?: ComponentChildren
  children: ComponentChildren
}

/** One figure with its title, and how it is computed. */
export function Card({ title, help, aside, children, ...rest }: CardProps) {
  return (
    <section class={`card ${rest.class ?? ''}`}>
      <div class="card-head">
        <h2>{title}</h2>
        {aside}
      </div>
      <div class="card-body">{children}</div>
      {help && <Help>{help}</Help>}
    </section>
  )
}
