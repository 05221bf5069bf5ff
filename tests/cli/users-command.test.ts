/** `smilepost users`: how the first administrator comes in, beside a running service or before it. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTempStore, putTouchpoints, type TempStore } from '../support/central-store.ts'
import { runSmilepost } from '../support/smilepost-process.ts'

let temp: TempStore
let configPath: string
const users = (...args: string[]) => runSmilepost(['users', ...args, '--config', configPath])

beforeEach(async () => {
  temp = await openTempStore()
  await putTouchpoints(temp.store, [])
  configPath = join(temp.folder, 'central.toml')
  writeFileSync(configPath, `data = "${temp.folder}"\nhttp.port = 8090\n`)
})
afterEach(() => temp.remove())

describe('smilepost users', () => {
  it('makes a link for the first administrator, alone on stdout', async () => {
    const { code, stdout, stderr } = await users('create-admin-link')
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^http:\/\/127\.0\.0\.1:8090\/setup#[\w-]{43}\n$/),
    })
    expect(stderr).toContain('once, before 20')
    const json = JSON.parse((await users('create-admin-link', '--json')).stdout)
    expect(json).toEqual({ url: expect.stringContaining('/setup#'), expiresAt: expect.any(String) })
    const audit = await temp.store.read.accounts.audit({ before: null, limit: 5 })
    expect(audit).toMatchObject([{ what: 'admin-link-made', by: 'command line', from: 'local' }, {}])
  })

  it('invites, lists, links and disables', async () => {
    expect((await users('list')).stdout).toContain('smilepost users create-admin-link')
    const invited = await users('invite', 'Ada@Example.org', '--role', 'manager', '--place', 'store', '--json')
    expect(JSON.parse(invited.stdout).url).toContain('/invitation#')
    expect((await users('list')).stdout).toBe('ada@example.org\tAda\tmanager\tstore\tinvited\tnever signed in\n')
  })

  it('links and disables', async () => {
    await users('invite', 'ada@example.org', '--role', 'manager', '--place', 'store')
    expect((await users('reset-link', 'ada@example.org')).stdout).toContain('/invitation#')
    expect((await users('disable', 'ada@example.org')).stdout).toBe('ada@example.org is disabled.\n')
    expect(JSON.parse((await users('list', '--json')).stdout)).toMatchObject([
      { email: 'ada@example.org', state: 'disabled' },
    ])
  })

  it.each([
    [['invite', 'no-address', '--role', 'admin'], 1, /expected a mail address/],
    [['invite', 'ada@example.org', '--role', 'king'], 2, /Allowed choices are admin, manager, viewer, ops/],
    [['invite', 'ada@example.org', '--role', 'admin', '--place', 'nowhere'], 1, /place no place is called nowhere/],
    [['disable', 'nobody@example.org'], 1, /no user has the address nobody@example.org; smilepost users list/],
  ])('%j is refused with what to do', async (args, code, words) => {
    const answer = await users(...args)
    expect({ code: answer.code, stdout: answer.stdout }).toEqual({ code, stdout: '' })
    expect(answer.stderr).toMatch(words)
  })
})
