/** `smilepost dips` as a person or a script starts it: exit codes, what goes where, and what is left behind. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeDipsCommand } from '../../src/cli/dips-command.ts'
import { exitCodeOf } from '../../src/cli/failure.ts'
import { runSmilepost, startSmilepost, waitFor } from '../support/smilepost-process.ts'

let folder: string
const file = (name: string, content: string | Buffer): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}
const rows = Array.from({ length: 40 }, (_, i) => `a,2025-03-${10 + (i % 9)}T09:${10 + i}:00Z,${1 + (i % 4)}\n`).join(
  '',
)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'smilepost-dips-command-'))
  file('terminals.csv', 'terminal,tz\na,Europe/Prague\n')
  file('presses.csv', `terminal,utc,button\n${rows}a,never,1\n`)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const dips = (presses: string, ...more: string[]) => [
  'dips',
  presses === '-' ? '-' : join(folder, presses),
  '--terminals',
  join(folder, 'terminals.csv'),
  ...more,
]

describe('smilepost dips', () => {
  it('prints JSON alone on stdout, faults on stderr', async () => {
    const { code, stdout, stderr } = await runSmilepost(dips('presses.csv', '--json', '--fdr', '0.1'))
    expect(code).toBe(0)
    const report = JSON.parse(stdout)
    expect(Object.keys(report.timing)).toEqual(['readMs', 'filterMs', 'scanMs'])
    expect(report).toMatchObject({ terminals: 1, presses: 40, skipped: 1, fdr: 0.1, detections: [] })
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(/presses\.csv:42:3: "never" is no ISO 8601 time/),
      expect.stringMatching(/presses\.csv: 1 bad rows left out: 1 × time$/),
      '',
    ])
  })

  it('tells a person what was counted, what is too little, and how sure it is', async () => {
    const { code, stdout } = await runSmilepost(dips('presses.csv'))
    expect(code).toBe(0)
    expect(stdout).toContain('No dip was found.')
    expect(stdout).toMatch(/ {2}a \(presses: 40, days: 9\): Too few presses to tell/)
    expect(stdout).toMatch(/\nPresses: 40\n {2}of these misuse .*: \d+\n/)
    expect(stdout).toContain('Bad rows left out: 1\n')
    expect(stdout).toContain('at most 5% are expected to be false alarms')
  })

  it('reads gzip from standard input, and leaves no file behind when it is stopped', async () => {
    const temporary = join(folder, 'tmp')
    mkdirSync(temporary)
    const running = startSmilepost(dips('-', '--json'), { TMPDIR: temporary })
    // More than a partition keeps in memory, and a bad row to know that it was read.
    running.write(`terminal,utc,button\n${rows.repeat(500)}a,never,1\n`)
    await waitFor('the bad row', 20_000, () => running.output().stderr.includes('stdin:20002:3'))
    const links = readdirSync(`/proc/${running.pid}/fd`).map((fd) => readlinkSync(`/proc/${running.pid}/fd/${fd}`))
    expect(links.filter((link) => link.startsWith(temporary))).toHaveLength(1)
    expect(readdirSync(temporary)).toEqual([])
    expect(await running.end('SIGINT')).toBe('SIGINT')
    expect(readdirSync(temporary)).toEqual([])
    const packed = await runSmilepost(
      dips(file('packed', gzipSync(`terminal,utc,button\n${rows}`)).slice(folder.length + 1), '--json'),
    )
    expect(JSON.parse(packed.stdout)).toMatchObject({ presses: 40, skipped: 0 })
  })

  it('takes a reader who has seen enough', async () => {
    const names = Array.from({ length: 4000 }, (_, i) => `terminal-without-a-press-${i},UTC\n`).join('')
    file('terminals.csv', `terminal,tz\na,UTC\n${names}`)
    const built = join(import.meta.dirname, '../../dist/src/cli/smilepost.js')
    const child = spawn(process.execPath, [built, ...dips('presses.csv', '--json')], { stdio: 'pipe' })
    let stderr = ''
    child.stderr.on('data', (text) => {
      stderr += text
    })
    child.stdout.destroy()
    const [code] = await once(child, 'close')
    expect({ code, hasFailed: stderr.includes('EPIPE') }).toEqual({ code: 0, hasFailed: false })
  })

  it.each([
    [['--strict'], /presses\.csv:42:3: "never" is no ISO 8601 time/],
    [['--from', '2026-01-01'], /--from 2026-01-01 is after the last complete day, 2025-03-18/],
  ])('fails with %j, exit 1', async (options, message) => {
    const { code, stdout, stderr } = await runSmilepost(dips('presses.csv', ...options))
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(message)
  })

  it.each([
    ['missing.csv', 'there is no such file'],
    ['.', 'is a directory, not a file'],
  ])('fails for %s in one line, exit 1', async (name, message) => {
    const { code, stderr } = await runSmilepost(dips(name))
    expect(code).toBe(1)
    expect(stderr.trim()).toMatch(new RegExp(`^smilepost: .*: ${message}$`))
  })

  it.each([
    [[]],
    [['presses.csv']],
    [usage('--fdr', '1')],
    [usage('--fdr', '0')],
    [usage('--fdr', 'x')],
    [usage('--from', '2025-02-30')],
    [usage('--from', '2025-03-02', '--to', '2025-03-01')],
    [usage('--to', '2025-03-02', '--as-of', '2025-03-02')],
    [usage('--language', 'xx')],
    [usage('--colour')],
    [['-', '--terminals', '-']],
  ])('%j is wrong usage, exit 2', async (args) => {
    let printed = ''
    const command = makeDipsCommand().exitOverride()
    command.configureOutput({ writeErr: (text) => (printed += text) })
    const failure: unknown = await command.parseAsync(args, { from: 'user' }).then(
      () => null,
      (error) => error,
    )
    expect(exitCodeOf(failure)).toBe(2)
    expect(printed).toMatch(/^error: /)
  })
})

function usage(...options: string[]): string[] {
  return ['presses.csv', '--terminals', 'terminals.csv', ...options]
}
