/**
 * Runs benchmarks: `npm run bench` for all, `npm run bench -- ingest` for one, with `--json` as one line of JSON each. Numbers depend on
 * the machine; quote the ratios.
 * They are compiled first, since a module runner's indirection would be measured with them.
 */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'vite'

const all = [
  'scan',
  'ingest',
  'central-load',
  'line-codec',
  'press-commit',
  'press-path',
  'touchpoint-report',
  'daemon-load',
  'herd',
  'simulator-idle',
]
const asked = process.argv.slice(2).filter((word) => word !== '--json')
const names = asked.length > 0 ? asked : all
const unknown = names.filter((name) => !all.includes(name))
if (unknown.length > 0) {
  console.error(`no benchmark is called ${unknown.join(', ')}; there are ${all.join(', ')}`)
  process.exitCode = 2
} else {
  for (const name of names) {
    const outDir = join(process.cwd(), 'dist/bench')
    await build({
      configFile: false,
      logLevel: 'warn',
      build: { ssr: `tests/bench/${name}.ts`, outDir, emptyOutDir: false },
    })
    console.error(`\n# ${name}`)
    await import(pathToFileURL(join(outDir, `${name}.js`)).href)
  }
}
