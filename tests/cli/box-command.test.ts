/** `smilepost box` as a contributor runs it, with a host that shares no code with it. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hasSocat } from '../support/box-on-pty.ts'
import { runSmilepost, type SmilepostProcess, startSmilepost, waitFor } from '../support/smilepost-process.ts'

let folder: string
const running: SmilepostProcess[] = []
const file = (name: string, content?: unknown): string => {
  const path = join(folder, name)
  if (content !== undefined) writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}
const start = (...args: string[]): SmilepostProcess => {
  const smilepost = startSmilepost(['box', ...args])
  running.push(smilepost)
  return smilepost
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'smilepost-box-'))
})
afterEach(async () => {
  for (const smilepost of running.splice(0)) await smilepost.end('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

type Commit = { boxId: string; sequence: number; button: number; atMs: number }
const readCommits = (path: string): Commit[] =>
  (existsSync(path) ? readFileSync(path, 'utf8') : '')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Commit)

/** Gives an identity and acknowledges presses, in shell and printf: two lines whose CRC is known beforehand. */
function hostByHand(path: string): { text: () => string; say: (line: string) => void; stop: () => void } {
  const cat = spawn('cat', [path])
  let text = ''
  cat.stdout.on('data', (bytes: Buffer) => {
    text += bytes.toString('latin1')
  })
  return { text: () => text, say: (line) => writeFileSync(path, `${line}\n`), stop: () => void cat.kill() }
}

/** What it says on stderr, but for how far a busy machine falls behind. */
const complaints = (box: SmilepostProcess) => box.output().stderr.replaceAll(/^behind .*\n/gm, '')

describe('smilepost box', () => {
  it('explains itself, and its usage', async () => {
    const help = await runSmilepost(['box', '--help'])
    expect(help.code).toBe(0)
    expect(help.stdout).toMatch(/Usage: smilepost box[\s\S]*Example:/)
    for (const args of [['--speed', '51'], ['--flip', 'much'], ['--exit']]) {
      const wrong = await runSmilepost(['box', ...args])
      expect(wrong.code, args.join(' ')).toBe(2)
      expect(wrong.stdout).toBe('')
    }
  }, 60_000)

  it('says what is wrong with a scenario, exit 78, and with a file or a path, exit 1', async () => {
    const steps = [{ do: 'press', button: 9 }, { do: 'hop' }]
    const wrong = await runSmilepost(['box', '--device', file('box'), '--scenario', file('wrong.json', { steps })])
    expect(wrong.code).toBe(78)
    expect(wrong.stderr).toMatch(
      /wrong\.json: 2 faults\n {2}step 1 \(press\), button: .*\n {2}step 2, do: must be one of/,
    )
    const eeprom = await runSmilepost(['box', '--device', file('box'), '--eeprom', file('short', 'abc')])
    expect(eeprom).toMatchObject({ code: 1, stdout: '' })
    expect(eeprom.stderr).toMatch(/^smilepost: .*short is no EEPROM: 3 bytes instead of 1024\n$/)
    const taken = await runSmilepost(['box', '--device', file('taken', 'precious')])
    expect(taken.code).toBe(1)
    expect(taken.stderr).toMatch(/taken exists already/)
    expect(readFileSync(file('taken'), 'utf8')).toBe('precious')
  }, 60_000)

  it('without socat says what to install', async () => {
    const { code, stderr } = await runSmilepost(['box', '--device', file('box')], { PATH: folder })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^smilepost: socat is not installed.*apt-get install socat.*\n$/)
  })
})

describe.skipIf(!hasSocat())('smilepost box on a device', () => {
  it('serves a host by hand, presses by keys, logs commits, keeps its EEPROM and leaves nothing else', async () => {
    const [device, commits, eeprom] = [file('box'), file('commits.jsonl'), file('eeprom')]
    const first = start('--device', device, '--commits', commits, '--eeprom', eeprom, '--speed', '5')
    await first.waitForOutput(/^device .*box\nready\n/)
    const host = hostByHand(device)
    await waitFor('an N', 10_000, () => host.text().includes('N*48FA\n'))
    host.say('\nS,3f9c02d7*AE16')
    await waitFor('a hello', 10_000, () => /^H,1,3f9c02d7,1,/m.test(host.text()))
    first.write('2')
    await waitFor('the press', 10_000, () => /^E,3f9c02d7,1,2,\d+,0\*/m.test(host.text()))
    // Written before the line went out.
    expect(readCommits(commits)).toMatchObject([{ boxId: '3f9c02d7', sequence: 1, button: 2 }])
    host.stop()
    expect(await first.end('SIGINT')).toBe(0)
    expect(existsSync(device)).toBe(false)
    expect(statSync(eeprom).size).toBe(1024)

    const second = start('--device', device, '--commits', commits, '--eeprom', eeprom, '--speed', '5')
    await second.waitForOutput(/^ready$/m)
    second.write('4')
    await second.waitForOutput(/^commit .*box 3f9c02d7 2 button 4$/m)
    // A process that is killed has no last word: the EEPROM is on disk before the commit is told.
    await second.end('SIGKILL')
    expect(readCommits(commits).map(({ sequence }) => sequence)).toEqual([1, 2])
    await waitFor('the device to be gone', 10_000, () => !existsSync(device))
    const third = start('--device', device, '--commits', commits, '--eeprom', eeprom, '--speed', '5')
    await third.waitForOutput(/^ready$/m)
    third.write('1')
    await third.waitForOutput(/^commit .*box 3f9c02d7 3 button 1$/m)
    expect(await third.end('SIGTERM')).toBe(0)
  }, 90_000)

  it('runs several boxes by a scenario to its end, each its own, and prints JSON alone', async () => {
    const steps = [
      { do: 'wait', ms: 100 },
      { do: 'say', line: 'S,3f9c02d7' },
      { do: 'wait', ms: 100 },
      { do: 'jumble', presses: 4 },
      { do: 'unplug' },
      { do: 'wait', ms: 100 },
      { do: 'plug' },
      { do: 'wait', ms: 100 },
    ]
    const box = start(
      '--device',
      file('box'),
      '--boxes',
      '2',
      '--seed',
      '7',
      '--speed',
      '10',
      '--exit',
      '--json',
      '--scenario',
      file('s.json', { steps }),
      '--commits',
      file('c.jsonl'),
    )
    expect(await box.exited).toBe(0)
    const { stdout, stderr } = box.output()
    expect(stderr).toBe('')
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string; device?: string; button?: number })
    const first = events.filter(({ event }) => event !== 'lights').slice(0, 3)
    expect(first.map(({ event }) => event)).toEqual(['device', 'device', 'ready'])
    const buttons = (name: string) =>
      events.filter(({ event, device }) => event === 'commit' && device === file(name)).map(({ button }) => button)
    expect(buttons('box-1')).toHaveLength(4)
    expect(buttons('box-2')).toHaveLength(4)
    expect(buttons('box-1')).not.toEqual(buttons('box-2'))
    expect(readCommits(file('c.jsonl'))).toHaveLength(8)
    expect(existsSync(file('box-1')) || existsSync(file('box-2'))).toBe(false)
  }, 60_000)

  it('pulls and puts back the cable of each box by itself, and says when it could not', async () => {
    const boxes = start('--device', file('box'), '--boxes', '2')
    const [first, second] = [file('box-1'), file('box-2')]
    await boxes.waitForOutput(/^ready$/m)
    const press = async (keys: string, answer: RegExp) => {
      boxes.write(keys)
      await boxes.waitForOutput(answer)
    }
    await press('u', /^unplugged .*box-1$/m)
    expect([existsSync(first), existsSync(second)]).toEqual([false, true])
    await press('nu', /^unplugged .*box-2$/m)
    expect([existsSync(first), existsSync(second)]).toEqual([false, false])
    writeFileSync(second, 'precious')
    boxes.write('u')
    await waitFor('the failure', 10_000, () => /could not plug .*box-2: .*exists already/.test(boxes.output().stderr))
    expect(boxes.output().stdout).not.toMatch(/^plugged/m)
    expect(readFileSync(second, 'utf8')).toBe('precious')
    rmSync(second)
    await press('u', /^plugged .*box-2$/m)
    await press('nu', /^plugged .*box-1$/m)
    expect([existsSync(first), existsSync(second)]).toEqual([true, true])
    expect(await boxes.end('SIGTERM')).toBe(0)
  }, 60_000)

  it('ends with one sentence where a file can no longer be written, and leaves no device', async () => {
    const steps = [
      { do: 'say', line: 'S,3f9c02d7' },
      { do: 'wait', ms: 200 },
      { do: 'press', button: 2 },
    ]
    const scenario = file('s.json', { steps })
    const two = ['--device', file('box'), '--boxes', '2']
    const full = start(...two, '--scenario', scenario, '--commits', '/dev/full')
    expect(await full.exited).toBe(1)
    expect(complaints(full)).toMatch(/^smilepost: cannot write the log of commits \/dev\/full: ENOSPC.*\n$/)
    expect(full.output().stdout).not.toContain('commit ')

    mkdirSync(file('disk'))
    const gone = start(...two, '--eeprom', file('disk/eeprom'))
    await gone.waitForOutput(/^ready$/m)
    rmSync(file('disk'), { recursive: true })
    expect(await gone.end('SIGTERM')).toBe(1)
    expect(complaints(gone)).toMatch(/^smilepost: cannot save the EEPROM .*eeprom-1: ENOENT.*\n$/)
    for (const name of ['box-1', 'box-2']) expect(existsSync(file(name)), name).toBe(false)
  }, 60_000)
})
