import { describe, expect, it } from 'vitest'
import { cssColours, darkColours, lightColours } from '../../src/looks/colours.ts'
import { makeTokensCss } from '../../src/looks/tokens-css.ts'

describe('makeTokensCss', () => {
  const css = makeTokensCss()

  it('declares every colour the drawings use, light once and dark twice', () => {
    for (const [role, reference] of Object.entries(cssColours)) {
      const property = /var\((--[a-z0-9-]+)\)/.exec(reference)?.[1]
      expect(css.split(`${property}:`), role).toHaveLength(4)
    }
    expect(Object.keys(darkColours)).toEqual(Object.keys(lightColours))
  })

  it('lets the reader overrule the system, and paper be light', () => {
    expect(css).toContain('@media screen and (prefers-color-scheme:dark){:root:not([data-theme="light"])')
    expect(css).toContain('@media screen{:root[data-theme="dark"]')
  })

  it('declares the scales', () => {
    for (const property of ['--text-m:1rem', '--space-4:1rem', '--radius-m:', '--font:system-ui'])
      expect(css).toContain(property)
  })
})
