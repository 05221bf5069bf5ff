import { type Colours, darkColours, formatColourProperty, lightColours } from './colours.ts'
import { scales } from './scales.ts'

const declare = (properties: readonly (readonly [string, string])[]): string =>
  properties.map(([name, value]) => `${name}:${value};`).join('')

function declareTheme(scheme: 'light' | 'dark', colours: Colours): string {
  const properties = Object.entries(colours).map(([name, value]) => [formatColourProperty(name), value] as const)
  return `color-scheme:${scheme};${declare(properties)}`
}

function declareScale(prefix: string, scale: Readonly<Record<string, number>>): string {
  return declare(Object.entries(scale).map(([step, rem]) => [`--${prefix}-${step}`, `${rem}rem`] as const))
}

/**
 * Writes the tokens as CSS custom properties of `:root`.
 *
 * The theme follows `prefers-color-scheme` unless `<html data-theme="light|dark">` says otherwise; paper is always light.
 */
export function makeTokensCss(): string {
  const light = declareTheme('light', lightColours)
  const dark = declareTheme('dark', darkColours)
  const rest = [
    `--font:${scales.font};`,
    declareScale('text', scales.text),
    declareScale('space', scales.space),
    declareScale('radius', scales.radius),
  ].join('')
  return [
    `:root{${rest}${light}}`,
    `@media screen and (prefers-color-scheme:dark){:root:not([data-theme="light"]){${dark}}}`,
    `@media screen{:root[data-theme="dark"]{${dark}}}`,
    '',
  ].join('\n')
}
