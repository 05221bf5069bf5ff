/**
 * Runs the fault matrix long: `npm run test:faults -- --help` says how. A row that fails ends it, with the command that repeats just this row
 * with its seed.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { help, readArguments } from './support/read-arguments.js'

const folder = import.meta.dirname
const vitest = join(folder, '../../node_modules/vitest/vitest.mjs')

/** @returns the exit code, or the signal that ended it */
function runFile(file, { seed, scale, report }) {
  const matrix = {
    SMILEPOST_FAULT_SEED: String(seed),
    SMILEPOST_FAULT_SCALE: String(scale),
    SMILEPOST_FAULT_REPORT: report,
  }
  const args = [vitest, 'run', `tests/faults/${file}`]
  const env = { ...process.env, ...matrix }
  const child = spawn(process.execPath, args, { cwd: join(folder, '../..'), env, stdio: ['ignore', 'pipe', 'pipe'] })
  const output = []
  child.stdout.on('data', (data) => output.push(data))
  child.stderr.on('data', (data) => output.push(data))
  return new Promise((resolve) => {
    child.on('close', (code, signal) => resolve({ code: code ?? signal, output: Buffer.concat(output).toString() }))
  })
}

function tell(file, seed, scale, { code, output }, startedAtMs) {
  const took = ((Date.now() - startedAtMs) / 1000).toFixed(1)
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'}  seed ${seed}  ${file}  ${took} s`)
  if (code === 0) return
  const environment = `SMILEPOST_FAULT_SEED=${seed} SMILEPOST_FAULT_SCALE=${scale}`
  console.log(`${output}\nrepeat it: ${environment} npx vitest run tests/faults/${file}`)
  process.exitCode = 1
}

const rowFiles = () => readdirSync(folder).filter((name) => name.endsWith('.test.ts'))

/** @returns how many files ran */
async function runRounds({ minutes, rounds, seed: firstSeed, scale, row }, report) {
  const files = rowFiles().filter((name) => name.includes(row))
  if (files.length === 0) {
    const all = rowFiles().map((name) => name.replace('.test.ts', ''))
    throw new Error(`no row has ${row} in its name; there are ${all.join(', ')}`)
  }
  const endMs = Date.now() + minutes * 60_000
  let done = 0
  for (let seed = firstSeed; seed < firstSeed + rounds; seed += 1) {
    for (const file of files) {
      // At least one row, however short the time.
      if (done > 0 && Date.now() >= endMs) return done
      const startedAtMs = Date.now()
      tell(file, seed, scale, await runFile(file, { seed, scale, report }), startedAtMs)
      done += 1
      if (process.exitCode === 1) return done
    }
  }
  return done
}

function readRows(report) {
  try {
    return readFileSync(report, 'utf8').trim().split('\n').map(JSON.parse)
  } catch {
    return []
  }
}

function printTable(rows) {
  const figures = ['pressed', 'stored', 'pending', 'missing', 'repeated', 'quarantined', 'refused']
  const lines = [
    ['row', 'seed', 'made', ...figures, 's', 'faults'],
    ...rows.map(({ row, seed, pressed, faults, ledger, seconds }) => {
      const happened = Object.entries(faults).map(([name, count]) => `${name} ${count}`)
      const cells = [seed, pressed, ...figures.map((name) => ledger[name]), seconds.toFixed(1)]
      return [row, ...cells.map(String), happened.join(', ')]
    }),
  ]
  const last = lines[0].length - 1
  const widths = lines[0].map((_, i) => Math.max(...lines.map((line) => line[i].length)))
  const pad = (cell, i) => (i === 0 || i === last ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))
  console.log(`\n${lines.map((line) => line.map(pad).join('  ').trimEnd()).join('\n')}\n`)
}

/** Runs what was asked for and prints the table. */
async function runMatrix(options) {
  const scratch = mkdtempSync(join(tmpdir(), 'smilepost-faults-'))
  try {
    const report = join(scratch, 'rows')
    const done = await runRounds(options, report)
    const rows = readRows(report)
    if (rows.length > 0) printTable(rows)
    if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(rows, null, 2)}\n`)
    if (process.exitCode !== 1) console.log(`${done} files with ${rows.length} rows ran, none failed`)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

try {
  const options = readArguments(process.argv.slice(2))
  if (options === 'help') console.log(help)
  else await runMatrix(options)
} catch (error) {
  console.error(`${error.message}\nnpm run test:faults -- --help says more`)
  process.exitCode = 2
}
