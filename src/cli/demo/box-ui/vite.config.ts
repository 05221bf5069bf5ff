import { defineConfig } from 'vite'
import { makeTokensPlugin } from '../../../looks/tokens-plugin.ts'

export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  plugins: [makeTokensPlugin()],
  build: { outDir: '../../../../dist/box-ui', emptyOutDir: true },
})
