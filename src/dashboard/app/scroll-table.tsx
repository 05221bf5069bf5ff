import type { ComponentChildren } from 'preact'

export type Column = { name: string; isText?: boolean }
type ScrollTableProps = {
  /** Of the table, for those who can't see what stands above it. */
  title: string
  kind: 'ranges' | 'contents'
  columns: readonly Column[]
  children: ComponentChildren
}

/** A table that scrolls by itself where it is too wide, also by keyboard. */
export function ScrollTable({ title, kind, columns, children }: ScrollTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (WCAG 2.1.1)
    <section class="scroller" aria-label={title} tabIndex={0}>
      <table class={`numbers ${kind}`}>
        <caption class="visually-hidden">{title}</caption>
        <thead>
          <tr>
            {columns.map(({ name, isText = false }) => (
              <th key={name} scope="col" class={isText ? 'cell-text' : ''}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  )
}
