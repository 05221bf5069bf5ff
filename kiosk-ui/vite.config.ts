import { defineConfig } from 'vite'
import { makeTokensPlugin } from '../src/looks/tokens-plugin.ts'

export default defineConfig({
  plugins: [makeTokensPlugin()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../dist/kiosk-ui',
    emptyOutDir: true,
    target: 'es2022',
    // A data: URL would break the CSP (`default-src 'self'`), and so would the polyfill's inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})
