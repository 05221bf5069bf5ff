/**
 * Runs the fault matrix long: `npm run test:faults -- --minutes 60 --seed 7`. Round after round of all rows, each round with the next seed,
 * until the time is up or a row fails; then the command that repeats just this row with its seed is printed, and the exit code is 1.
 * `--rounds 3` ends after so many rounds. `--scale 4` makes the rows that draw by it four times as long; `--row central` runs those with this
 * word in their names. At the end stands a table of all rows: presses, ledger, faults that happened; `--json FILE` writes the same.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const folder = import.meta.dirname
const vitest = join(folder, '../../node_modules/vitest/vitest.mjs')
const usage =
  'usage: npm run test:faults -- [--minutes N] [--rounds N] [--seed S] [--scale F] [--row WORD] [--json FILE]'

function readArguments() {
  const text = { type: 'string' }
  const { values } = parseArgs({
    options: { minutes: text, rounds: text, seed: text, scale: text, row: text, json: text },
  })
  const numbers = {
    minutes: Number(values.minutes ?? (values.rounds === undefined ? 10 : 1_440)),
    rounds: Number(values.rounds ?? Number.POSITIVE_INFINITY),
    seed: Number(values.seed ?? 1),
    scale: Number(values.scale ?? 1),
  }
  const { minutes, rounds, seed, scale } = numbers
  if (!(minutes > 0 && rounds > 0 && scale > 0 && Number.isSafeInteger(seed) && seed > 0))
    throw new Error('minutes, rounds and scale are numbers above 0, a seed is a whole number from 1')
  return { ...numbers, row: values.row ?? '', json: values.json }
}

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

/** @returns how many files ran */
async function runRounds({ minutes, rounds, seed: firstSeed, scale, row }, report) {
  const files = readdirSync(folder).filter((name) => name.endsWith('.test.ts') && name.includes(row))
  if (files.length === 0) throw new Error(`no row has ${row} in its name`)
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

const scratch = mkdtempSync(join(tmpdir(), 'smilepost-faults-'))
try {
  const options = readArguments()
  const report = join(scratch, 'rows')
  const done = await runRounds(options, report)
  const rows = readRows(report)
  if (rows.length > 0) printTable(rows)
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(rows, null, 2)}\n`)
  if (process.exitCode !== 1) console.log(`${done} files with ${rows.length} rows ran, none failed`)
} catch (error) {
  console.error(`${error.message}\n${usage}`)
  process.exitCode = 2
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
