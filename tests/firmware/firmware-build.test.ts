import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findPackageRoot } from '../../src/shared/package-root.ts'
import { missingPrograms } from './missing-programs.ts'

/*
 * The firmware as it is committed: its host tests pass, its image belongs to its sources, and where the compiler that
 * made the image is installed, a rebuild gives the very same bytes (firmware-bridge/firmware/README.md, "The image").
 */

const firmware = join(findPackageRoot(import.meta.url), 'firmware-bridge', 'firmware')

/** Of a short fuzzing, which ends by its seconds where a machine is busy: a fifth and a quarter of what it makes on an idle one. */
const leastInputs: Record<string, number> = { line: 100_000, box: 5_000 }

type ImageRecord = {
  sourceSha256: string
  hexSha256: string
  compiler: string
  flashBytes: number
  ramBytes: number
}

const recorded = JSON.parse(readFileSync(join(firmware, 'smilepost.hex.json'), 'utf8')) as ImageRecord

function firstLineOf(program: string): string | null {
  const { status, stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' })
  return status === 0 ? (stdout.split('\n')[0] ?? '') : null
}

function sha256(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** As the Makefile does it: the output of sha256sum over the sorted sources, hashed once more. */
function sourceHash(): { hash: string; files: number } {
  const sources = ['lib', 'src'].flatMap((folder) =>
    readdirSync(join(firmware, folder))
      .filter((name) => /\.[ch]$/.test(name))
      .map((name) => `${folder}/${name}`),
  )
  const paths = ['avr.mk', ...sources].sort((a, b) => (a < b ? -1 : 1))
  const listing = paths.map((path) => `${sha256(readFileSync(join(firmware, path)))}  ${path}\n`).join('')
  return { hash: sha256(listing), files: paths.length }
}

function make(...targets: string[]): string {
  return execFileSync('make', targets, { cwd: firmware, encoding: 'utf8', stdio: 'pipe' })
}

describe('the committed image', () => {
  it('belongs to the sources beside it', () => {
    const { hash, files } = sourceHash()
    expect(files).toBeGreaterThan(20)
    expect(recorded.sourceSha256, 'sources changed: run `make release` in firmware-bridge/firmware').toBe(hash)
    expect(recorded.hexSha256).toBe(sha256(readFileSync(join(firmware, 'smilepost.hex'))))
  })

  it('takes at most half of the flash and of the RAM of an ATmega328P', () => {
    expect(recorded.flashBytes).toBeGreaterThan(1000)
    expect(recorded.flashBytes).toBeLessThanOrEqual(16_384)
    expect(recorded.ramBytes).toBeGreaterThan(100)
    expect(recorded.ramBytes).toBeLessThanOrEqual(1024)
  })

  it.skipIf(missingPrograms(['make', 'avr-gcc']))('is what a rebuild gives', { timeout: 60_000 }, () => {
    const sizes = /flash (\d+) of.*\nRAM +(\d+) of/.exec(make('all', 'size'))
    expect(sizes).not.toBeNull()
    const rebuilt = readFileSync(join(firmware, 'build', 'smilepost.hex'))
    expect(rebuilt.length).toBeGreaterThan(1000)
    const compiler = firstLineOf('avr-gcc')
    if (compiler === recorded.compiler) {
      expect(sha256(rebuilt)).toBe(recorded.hexSha256)
      expect([Number(sizes?.[1]), Number(sizes?.[2])]).toEqual([recorded.flashBytes, recorded.ramBytes])
    } else {
      console.warn(`the image was built by ${recorded.compiler}, here is ${compiler}: bytes not compared`)
    }
  })
})

describe('the pure part of the firmware', () => {
  it.skipIf(missingPrograms(['make', 'gcc']))('passes its host tests under sanitizers', { timeout: 120_000 }, () => {
    const lastLine = make('test').trimEnd().split('\n').at(-1) ?? ''
    const counts = /^(\d+) passed, (\d+) failed$/.exec(lastLine)
    expect(counts, lastLine).not.toBeNull()
    expect(Number(counts?.[1])).toBeGreaterThan(800)
    expect(Number(counts?.[2])).toBe(0)
  })

  it.skipIf(missingPrograms(['make', 'gcc', 'gcov']))(
    'is reached by them: lines and branches',
    { timeout: 120_000 },
    () => {
      const rows = make('coverage')
        .split('\n')
        .filter((row) => row.includes('branches'))
      const sources = readdirSync(join(firmware, 'lib')).filter((name) => name.endsWith('.c'))
      expect(rows.map((row) => row.split(' ')[0])).toEqual([...sources.sort(), 'total'])
      for (const row of rows) {
        const [, lines, branches] = /lines +([0-9.]+) %.*branches +([0-9.]+) %/.exec(row) ?? []
        expect(Number(lines), row).toBeGreaterThanOrEqual(95)
        expect(Number(branches), row).toBeGreaterThanOrEqual(95)
      }
    },
  )

  it.skipIf(missingPrograms(['make']))('would not pass with less than 95 % reached', () => {
    const told = (branches: number) =>
      `File 'lib/a.c'\nLines executed:100.00% of 40\nTaken at least once:${branches}.00% of 100\n`
    const counts = join(mkdtempSync(join(tmpdir(), 'smilepost-coverage-')), 'gcov.txt')
    const judge = (text: string) => {
      writeFileSync(counts, text)
      return spawnSync('make', ['coverage-verdict', `COVERAGE_COUNTS=${counts}`], { cwd: firmware, encoding: 'utf8' })
    }
    expect(judge(told(95)).status).toBe(0)
    expect(judge(told(94)).status).not.toBe(0)
    expect(judge(told(94)).stdout).toContain('less than 95 %')
    expect(judge('').status).not.toBe(0)
    rmSync(dirname(counts), { recursive: true })
  })

  it.skipIf(missingPrograms(['make', 'clang']))('stands a short fuzzing', { timeout: 180_000 }, () => {
    const runs = [...make('fuzz-short').matchAll(/^(line|box): done (\d+) runs in (\d+) second/gm)]
    expect(runs.map(([, name]) => name)).toEqual(['line', 'box'])
    for (const [row, name = '', inputs, seconds] of runs) {
      expect(Number(inputs), row).toBeGreaterThanOrEqual(leastInputs[name] ?? Number.POSITIVE_INFINITY)
      expect(Number(seconds), row).toBeLessThanOrEqual(30)
    }
  })
})
