/** Compiles the benchmark, since a module runner's indirection would be measured with it, and runs it: `npm run bench:dips`. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'vite'

const outDir = join(process.cwd(), 'dist/bench')
await build({
  configFile: false,
  logLevel: 'warn',
  build: { ssr: 'tests/bench/dips/bench-dips.ts', outDir, emptyOutDir: false },
})
await import(pathToFileURL(join(outDir, 'bench-dips.js')).href)
