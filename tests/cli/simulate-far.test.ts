/** `smilepost simulate` with terminals that are there already, against a central of which only broker and HTTP are at hand, and on a TTY. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readAccounts } from '../../src/cli/simulate/read-accounts.ts'
import { type Installation, openInstallation } from '../support/installation.ts'
import { runSmilepost } from '../support/smilepost-process.ts'

const small = ['--days', '1', '--presses-per-day', '40', '--json']
type Report = { isProven: boolean; accounts: { terminal: string; pressed: number; stored: number; missing: number }[] }

describe('smilepost simulate far away', () => {
  let installation: Installation
  let broker: string
  let accounts: string
  let config: string

  beforeAll(async () => {
    installation = await openInstallation()
    config = join(installation.folder, 'central.toml')
    const lines = ['terminal,secret,touchpoint']
    let places = ''
    for (const id of ['far-1', 'far-2']) {
      const created = await runSmilepost(['terminals', 'create', id, '--config', config, '--json'])
      lines.push(`${id},${(JSON.parse(created.stdout) as { secret: string }).secret},exit`)
      places += `[[placements]]\nterminal = "${id}"\ntouchpoint = "exit"\nfrom = "2026-01-01T00:00:00Z"\n`
    }
    accounts = join(installation.folder, 'accounts.csv')
    writeFileSync(accounts, `${lines.join('\n')}\n`)
    writeFileSync(join(installation.folder, 'far.toml'), places)
    expect(
      (await runSmilepost(['places', 'apply', join(installation.folder, 'far.toml'), '--config', config])).code,
    ).toBe(0)
    const central = await installation.startCentral()
    broker = (await central.waitForOutput(/^broker (\S+)$/m))[1] ?? ''
  }, 120_000)
  afterAll(() => installation.close())

  const far = () => ['simulate', '--broker', broker, '--http', installation.httpUrl]
  const count = () =>
    installation.readCentral<{ n: number }>(
      "SELECT count(*) AS n FROM press WHERE is_repeat = 0 AND terminal LIKE 'far-%'",
    )[0]?.n

  it('proves by ledgers and hour profiles that all arrived, also where presses of before are there', async () => {
    let before = 0
    for (const seed of ['3', '4']) {
      const args = [...far(), '--accounts', accounts, '--count', '1', '--seed', seed, ...small]
      const { code, stdout, stderr } = await runSmilepost(args)
      // Without a TTY nothing but the report.
      expect([code, stderr]).toEqual([0, ''])
      const report = JSON.parse(stdout) as Report
      expect(report).toMatchObject({ isProven: true, accounts: [{ terminal: 'far-1', missing: 0 }] })
      before += report.accounts[0]?.pressed ?? 0
      expect(count()).toBe(before)
    }
    expect(before).toBeGreaterThan(20)
  }, 90_000)

  it('compares rows where the database of the central is at hand, with terminals that are there already', async () => {
    const before = count() ?? 0
    const { code, stdout } = await runSmilepost([
      'simulate',
      '--config',
      config,
      '--accounts',
      accounts,
      '--count',
      '2',
      ...small,
    ])
    expect(code).toBe(0)
    const report = JSON.parse(stdout) as Report
    expect(report.isProven).toBe(true)
    expect(report.accounts.map(({ terminal }) => terminal)).toEqual(['far-1', 'far-2'])
    const pressed = report.accounts.reduce((sum, account) => sum + account.pressed, 0)
    expect((count() ?? 0) - before).toBe(pressed)
  }, 90_000)

  it('is not proven where a secret is wrong, and says how many are missing', async () => {
    const wrong = join(installation.folder, 'wrong.csv')
    writeFileSync(wrong, 'terminal,secret\nfar-1,not-its-secret\n')
    const { code, stdout } = await runSmilepost([
      ...far(),
      '--accounts',
      wrong,
      '--count',
      '1',
      ...small,
      '--minutes',
      '0.1',
    ])
    expect(code).toBe(1)
    const {
      isProven,
      accounts: [account],
    } = JSON.parse(stdout) as Report
    expect(isProven).toBe(false)
    expect(account?.missing).toBeGreaterThan(0)
    expect(account?.missing).toBe(account?.pressed)
  }, 60_000)

  it.each([
    ['terminal,secret\nnobody-1,x\n', 1, '/api/v1/terminals/nobody-1/ledger: 404'],
    ['terminal,touchpoint\nfar-1,exit\n', 78, 'no column secret'],
  ])('refuses accounts %j', async (text, expected, hint) => {
    const path = join(installation.folder, 'bad.csv')
    writeFileSync(path, text)
    const { code, stdout, stderr } = await runSmilepost([...far(), '--accounts', path, ...small])
    expect([code, stdout]).toEqual([expected, ''])
    expect(stderr).toContain(hint)
  })

  it.each([
    ['terminal,secret\nfar-1,\n', 'line 2: expected a terminal and its secret'],
    ['terminal,secret\nfar-1,x\nfar-1,y\n', 'a terminal stands there twice'],
    ['terminal,secret\n', 'no terminal'],
  ])('names what is wrong with accounts %j', (text, hint) => {
    const path = join(installation.folder, 'bad.csv')
    writeFileSync(path, text)
    expect(() => readAccounts(path)).toThrow(hint)
  })

  it('draws a progress bar on a TTY, beside the report', () => {
    const command = `${process.execPath} dist/src/cli/smilepost.js simulate`
    const args = `--broker ${broker} --http ${installation.httpUrl} --accounts ${accounts} --count 1 --seed 9 --days 1 --presses-per-day 40`
    const { status, stdout } = spawnSync('script', ['-qefc', `${command} ${args}`, '/dev/null'], {
      cwd: join(import.meta.dirname, '../..'),
      encoding: 'utf8',
    })
    expect(status).toBe(0)
    expect(stdout).toMatch(/pressing {2}\[-+\] 0 % {2}0 of \d+ presses/)
    expect(stdout).toMatch(/\[#+\] 100 %/)
    expect(stdout).toMatch(/pressed \d+, stored \d+, missing 0, repeated in tallies 0/)
  }, 60_000)
})
