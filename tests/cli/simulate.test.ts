/** `smilepost simulate` as a person runs it, against a real central. */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Installation, openInstallation } from '../support/installation.ts'
import { runSmilepost, startSmilepost, waitFor } from '../support/smilepost-process.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'smilepost-sim-test-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('smilepost simulate', () => {
  let installation: Installation
  beforeAll(async () => {
    installation = await openInstallation()
    await installation.startCentral()
  })
  afterAll(() => installation.close())
  const count = (sql: string) => installation.readCentral<{ n: number }>(`SELECT count(*) AS n FROM ${sql}`)[0]?.n

  it('proves that a fleet with every fault lost nothing and counted nothing twice', async () => {
    const config = join(installation.folder, 'central.toml')
    const { code, stdout, stderr } = await runSmilepost([
      ...[
        'simulate',
        '--config',
        config,
        '--count',
        '4',
        '--from',
        '2026-10-24',
        '--days',
        '2',
        '--seed',
        '11',
        '--json',
      ],
      ...[
        '--presses-per-day',
        '60',
        '--offline',
        '1',
        '--restarts',
        '2',
        '--duplicates',
        '1',
        '--wrong-clock-share',
        '1',
      ],
    ])
    expect([code, stderr]).toEqual([0, expect.any(String)])
    const report = JSON.parse(stdout)
    expect(report).toMatchObject({ isProven: true, isComplete: true, seed: 11 })
    expect(report.faults).toMatchObject({ offline: 4, duplicate: 4, wrongClocks: 4 })
    expect(report.faults.restart + report.faults.reboot).toBe(8)
    expect(report.faults.handedTwice).toBeGreaterThan(0)

    const pressed = report.accounts.reduce((sum: number, account: { pressed: number }) => sum + account.pressed, 0)
    expect(pressed).toBeGreaterThan(400)
    expect(count("press WHERE terminal LIKE 'sim-%' AND is_repeat = 0")).toBe(pressed)
    expect(count("(SELECT DISTINCT box, box_seq, touch_id FROM press WHERE terminal LIKE 'sim-%')")).toBe(pressed)
    expect(count("press WHERE terminal LIKE 'sim-%' AND utc_ms IS NULL")).toBe(0)
    // Four zones; two of them go back an hour on 25 October, and there the hour that occurs twice is two cells.
    expect(
      count('(SELECT touchpoint FROM cell_tally GROUP BY touchpoint HAVING count(DISTINCT offset_minutes) = 2)'),
    ).toBe(2)
  }, 90_000)

  it('exits with 1 and says what is missing when the central can not be reached', async () => {
    const config = join(folder, 'central.toml')
    writeFileSync(config, `data = ${JSON.stringify(join(folder, 'data'))}\n[http]\nport = 9\n[broker]\nport = 9\n`)
    const args = ['simulate', '--config', config, '--count', '1', '--days', '1', '--presses-per-day', '20']
    const { code, stdout } = await runSmilepost([...args, '--minutes', '0.1'])
    expect(code).toBe(1)
    expect(stdout).toContain('NOT PROVEN')
    expect(stdout).toMatch(/missing \d+/)
  }, 60_000)

  it.each([
    [
      ['--broker', 'mqtt://central.example:1883', '--accounts', 'nowhere.csv', '--http', 'http://127.0.0.1:1'],
      1,
      '--yes',
    ],
    [
      ['--broker', 'mqtt://127.0.0.1:1', '--accounts', 'nowhere.csv', '--http', 'http://127.0.0.1:1'],
      78,
      'nowhere.csv',
    ],
    [['--broker', 'mqtt://127.0.0.1:1'], 1, '--accounts'],
    [['--count', '0'], 2, '1 to 5000'],
    [['--from', '2026-02-30'], 2, 'date'],
    [['--from', '2999-01-01'], 1, 'not over yet'],
  ])('refuses %j', async (args, expected, hint) => {
    const { code, stderr } = await runSmilepost(['simulate', ...args])
    expect(code).toBe(expected)
    expect(stderr).toContain(hint)
  })

  it('ends at Ctrl-C: what was pressed is delivered and compared, and nothing is left lying about', async () => {
    const own = mkdtempSync(join(folder, 'tmp-'))
    const args = ['simulate', '--count', '2', '--days', '1', '--speed', '40000', '--presses-per-day', '2000', '--json']
    const simulation = startSmilepost(args, { TMPDIR: own })
    const isUnderWay = () => readdirSync(own).some((name) => existsSync(join(own, name, '1/outbox.sqlite')))
    await waitFor('the first terminal', 30_000, isUnderWay)
    await simulation.end('SIGINT')
    const report = JSON.parse(simulation.output().stdout)
    expect(await simulation.exited).toBe(1)
    expect(report.isComplete).toBe(false)
    expect(report.accounts.map(({ missing }: { missing: number }) => missing)).toEqual([0, 0])
    expect(readdirSync(own)).toEqual([])
  }, 60_000)
})
