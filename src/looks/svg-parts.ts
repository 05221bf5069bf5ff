import { escapeText } from './escape-text.ts'

type Attributes = Readonly<Record<string, string | number | undefined>>

const round = (value: number): string => String(Math.round(value * 10) / 10)

/** One SVG element; numbers are rounded to a tenth of a unit, undefined attributes are left out, values are escaped. */
export function drawElement(name: string, attributes: Attributes, inner = ''): string {
  const text = Object.entries(attributes)
    .filter((entry): entry is [string, string | number] => entry[1] !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? round(value) : escapeText(value)}"`)
    .join('')
  return inner === '' ? `<${name}${text}/>` : `<${name}${text}>${inner}</${name}>`
}

/** A text element; the content is escaped. */
export function drawText(content: string, attributes: Attributes): string {
  return drawElement('text', attributes, escapeText(content))
}

/** What a pointer is told over an element. */
export function drawTitle(content: string): string {
  return `<title>${escapeText(content)}</title>`
}

/** A whole drawing. To a screen reader it is one picture with `label`; its numbers belong in a table beside it. */
export function drawSvg(
  { width, height, label, name }: { width: number; height: number; label: string; name: string },
  inner: string,
): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" class="chart ${name}" width="${round(width)}" height="${round(height)}" ` +
    `viewBox="0 0 ${round(width)} ${round(height)}" role="img" aria-label="${escapeText(label)}" focusable="false">${inner}</svg>`
  )
}
