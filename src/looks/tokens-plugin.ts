import { makeTokensCss } from './tokens-css.ts'

const publicName = 'virtual:tokens.css'
const resolvedName = '\0virtual:tokens.css'

/** Vite plugin: `import 'virtual:tokens.css'` gives a page the tokens in its own style sheet, so a strict CSP holds. */
export function makeTokensPlugin() {
  return {
    name: 'smilepost-tokens',
    resolveId: (name: string) => (name === publicName ? resolvedName : null),
    load: (name: string) => (name === resolvedName ? makeTokensCss() : null),
  }
}
