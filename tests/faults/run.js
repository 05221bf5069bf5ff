/**
 * Runs the fault matrix long: `npm run test:faults -- --minutes 60 --seed 7`. Round after round of all rows, each round with the next seed,
 * until the time is up or a row fails; then the command that repeats just this row with its seed is printed, and the exit code is 1.
 * `--scale 4` makes the rows that draw by it four times as long; `--row central` runs those with this word in their names.
 */
import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const folder = import.meta.dirname
const vitest = join(folder, '../../node_modules/vitest/vitest.mjs')
const usage = 'usage: npm run test:faults -- [--minutes N] [--seed S] [--scale F] [--row WORD]'

function readArguments() {
  const text = { type: 'string' }
  const { values } = parseArgs({ options: { minutes: text, seed: text, scale: text, row: text } })
  const numbers = {
    minutes: Number(values.minutes ?? 10),
    seed: Number(values.seed ?? 1),
    scale: Number(values.scale ?? 1),
  }
  if (!(numbers.minutes > 0 && numbers.scale > 0 && Number.isSafeInteger(numbers.seed) && numbers.seed > 0))
    throw new Error('minutes and scale are numbers above 0, a seed is a whole number from 1')
  return { ...numbers, row: values.row ?? '' }
}

/** @returns the exit code, or the signal that ended it */
function runRow(file, seed, scale) {
  const env = { ...process.env, SMILEPOST_FAULT_SEED: String(seed), SMILEPOST_FAULT_SCALE: String(scale) }
  const args = [vitest, 'run', `tests/faults/${file}`]
  const child = spawn(process.execPath, args, { cwd: join(folder, '../..'), env, stdio: ['ignore', 'pipe', 'pipe'] })
  const output = []
  child.stdout.on('data', (data) => output.push(data))
  child.stderr.on('data', (data) => output.push(data))
  return new Promise((resolve) => {
    child.on('close', (code, signal) => resolve({ code: code ?? signal, output: Buffer.concat(output).toString() }))
  })
}

async function runRounds({ minutes, seed: firstSeed, scale, row }) {
  const files = readdirSync(folder).filter((name) => name.endsWith('.test.ts') && name.includes(row))
  if (files.length === 0) throw new Error(`no row has ${row} in its name`)
  const endMs = Date.now() + minutes * 60_000
  let done = 0
  for (let seed = firstSeed; ; seed += 1) {
    for (const file of files) {
      // At least one row, however short the time.
      if (done > 0 && Date.now() >= endMs) return done
      const startedAtMs = Date.now()
      const { code, output } = await runRow(file, seed, scale)
      const took = ((Date.now() - startedAtMs) / 1000).toFixed(1)
      console.log(`${code === 0 ? 'ok    ' : 'FAILED'}  seed ${seed}  ${file}  ${took} s`)
      if (code !== 0) {
        const environment = `SMILEPOST_FAULT_SEED=${seed} SMILEPOST_FAULT_SCALE=${scale}`
        console.log(`${output}\nrepeat it: ${environment} npx vitest run tests/faults/${file}`)
        process.exitCode = 1
        return done
      }
      done += 1
    }
  }
}

try {
  const done = await runRounds(readArguments())
  if (process.exitCode !== 1) console.log(`${done} rows ran, none failed`)
} catch (error) {
  console.error(`${error.message}\n${usage}`)
  process.exitCode = 2
}
