/** Runs benchmarks from their sources: `npm run bench` for all, `npm run bench -- ingest` for one. Numbers depend on the machine; quote the ratios. */
import { runnerImport } from 'vite'

const all = ['scan', 'ingest', 'simulator-idle']
const names = process.argv.length > 2 ? process.argv.slice(2) : all
const unknown = names.filter((name) => !all.includes(name))
if (unknown.length > 0) {
  console.error(`no benchmark is called ${unknown.join(', ')}; there are ${all.join(', ')}`)
  process.exitCode = 2
} else {
  for (const name of names) {
    console.log(`\n# ${name}`)
    await runnerImport(`./tests/bench/${name}.ts`)
  }
}
