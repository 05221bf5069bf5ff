import type { ComponentChildren } from 'preact'
import { useReader } from './reader.ts'

/** The numbers of a drawing, one press away; a wide table scrolls by itself, also by keyboard. */
export function TableBehind({ label, children }: { label: string; children: ComponentChildren }) {
  const { words } = useReader()
  return (
    <details class="table-behind">
      <summary>{words.profile.table}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (WCAG 2.1.1) */}
      <section class="scroller" aria-label={label} tabIndex={0}>
        {children}
      </section>
    </details>
  )
}
