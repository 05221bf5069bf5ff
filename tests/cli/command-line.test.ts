/** The command as its owner types it: help, exit codes, faults listed at once, provisioning. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runSmilepost } from '../support/smilepost-process.ts'

let folder: string
const file = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}
const makeConfig = () =>
  file('central.toml', `data = ${JSON.stringify(join(folder, 'data'))}\n[log]\nlevel = "error"\n`)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'smilepost-cli-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('usage', () => {
  it.each([
    [['--help']],
    [['demo', '--help']],
    [['central', '--help']],
    [['terminal', '--help']],
    [['places', 'apply', '--help']],
    [['places', 'list', '--help']],
    [['terminals', 'create', '--help']],
    [['terminals', 'list', '--help']],
    [['terminals', 'ledger', '--help']],
    [['terminals', 'conflicts', '--help']],
    [['terminals', 'clone', '--help']],
    [['backup', '--help']],
    [['restore', '--help']],
    [['rebuild', '--help']],
    [['dips', '--help']],
  ])('%j explains itself', async (args) => {
    const { code, stdout } = await runSmilepost(args)
    expect(code).toBe(0)
    expect(stdout).toContain('Usage: smilepost')
    if (args.length > 1) expect(stdout).toContain('Example:')
  })

  it.each([
    [['nonsense']],
    [['terminal']],
    [['demo', '--seed', 'x']],
    [['terminals', 'create']],
    [['dips', 'presses.csv']],
    [['central', '--colour']],
  ])('%j is wrong usage, exit 2', async (args) => {
    const { code, stdout, stderr } = await runSmilepost(args)
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^error: /)
    expect(stderr).toContain('--help')
  })
})

describe('a wrong configuration', () => {
  it('of the central: all faults at once, exit 78', async () => {
    const path = file(
      'central.toml',
      'dta = "x"\n[http]\nport = 99999\nhost = "0.0.0.0"\n[broker]\nport = "many"\n[log]\nlevel = "loud"\n',
    )
    const { code, stdout, stderr } = await runSmilepost(['central', '--config', path])
    expect({ code, stdout }).toEqual({ code: 78, stdout: '' })
    for (const key of ['dta: unknown key', 'http.port', 'http.host', 'broker.port', 'log.level'])
      expect(stderr).toContain(key)
  })

  it('of the terminal: missing keys are named', async () => {
    const { code, stderr } = await runSmilepost([
      'terminal',
      '--config',
      file('terminal.toml', '[kiosk]\nport = 1.5\n'),
    ])
    expect(code).toBe(78)
    for (const key of ['terminal.id', 'terminal.secret', 'broker.urls', 'kiosk.port']) expect(stderr).toContain(key)
  })

  it('that is no TOML names line and column', async () => {
    const { code, stderr } = await runSmilepost(['central', '--config', file('central.toml', 'data = "x"\nhttp = [\n')])
    expect(code).toBe(78)
    expect(stderr).toMatch(/line \d+, column \d+/)
  })

  it('that is not there says so', async () => {
    const { code, stderr } = await runSmilepost(['central', '--config', join(folder, 'nowhere.toml')])
    expect(code).toBe(78)
    expect(stderr).toContain('nowhere.toml')
  })
})

describe('provisioning', () => {
  it('takes the example layout, twice, and creates a terminal there', async () => {
    const config = makeConfig()
    const example = join(import.meta.dirname, '../../config/places.toml')
    for (let time = 0; time < 2; time += 1) {
      expect(await runSmilepost(['places', 'apply', example, '--config', config])).toMatchObject({
        code: 0,
        stderr: '',
      })
    }
    const places = await runSmilepost(['places', 'list', '--config', config, '--json'])
    expect(JSON.parse(places.stdout)).toMatchObject([{ id: 'harbour-street-exit', zone: 'Europe/Prague' }])
    const created = await runSmilepost([
      'terminals',
      'create',
      'kiosk-1',
      '--touchpoint',
      'harbour-street-exit',
      '--config',
      config,
    ])
    expect(created.code).toBe(0)
    expect(created.stdout).toMatch(
      /^\[terminal\]\nid = "kiosk-1"\nsecret = "[0-9a-f]{32}"\n\n\[survey\]\nquestion = "service"\n$/,
    )
    const listed = await runSmilepost(['terminals', 'list', '--config', config, '--json'])
    expect(JSON.parse(listed.stdout)).toMatchObject([
      { id: 'kiosk-1', touchpoint: 'harbour-street-exit', online: false },
    ])
    expect(listed.stdout).not.toContain('secret')
  }, 40_000)

  it('refuses a name that is taken, an impossible name and an unknown touchpoint', async () => {
    const config = makeConfig()
    const create = (...args: string[]) => runSmilepost(['terminals', 'create', ...args, '--config', config])
    expect(await create('kiosk-1')).toMatchObject({ code: 0 })
    expect(await create('kiosk-1')).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('kiosk-1') })
    expect(await create('Kiosk/#')).toMatchObject({ code: 1, stdout: '' })
    expect(await create('kiosk-2', '--touchpoint', 'nowhere')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('nowhere'),
    })
  }, 40_000)

  it('lists every name in a layout that leads nowhere, and changes nothing', async () => {
    const config = makeConfig()
    const layout = file(
      'places.toml',
      '[[places]]\nid = "a"\nname = "A"\nkind = "store"\nparent = "zz"\n[[touchpoints]]\nid = "t"\nplace = "yy"\nname = "T"\nzone = "Mars/Base"\nquestion = "xx"\n',
    )
    const { code, stderr } = await runSmilepost(['places', 'apply', layout, '--config', config])
    expect(code).toBe(78)
    for (const name of ['zz', 'yy', 'xx', 'Mars/Base']) expect(stderr).toContain(name)
    expect((await runSmilepost(['places', 'list', '--config', config, '--json'])).stdout).toBe('[]\n')
  }, 40_000)
})
