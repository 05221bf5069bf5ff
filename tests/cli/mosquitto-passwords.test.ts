import {
  chmodSync,
  chownSync,
  closeSync,
  lstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { formatPasswordLine, openPasswordFile } from '../../src/cli/mosquitto-passwords.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'smilepost-passwords-'))
  path = join(folder, 'passwords')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const usersOf = () =>
  readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => line.split(':')[0])

it('writes the line that mosquitto_passwd 2.0.11 made of the same password and salt', () => {
  const line =
    'u:$7$101$QljnKdWzAchDKYJB$KvTfw93ixVsD76HyYC4yxxXl0YK2UXCrWsPw1gPOR63sOQIeHhhdTSfvblP2O4QCExUdTBKiXZAVZcUOeIqRqw=='
  expect(formatPasswordLine('u', 'p', Buffer.from('QljnKdWzAchDKYJB', 'base64'))).toBe(line)
})

async function put(username: string): Promise<void> {
  const passwords = await openPasswordFile(path)
  try {
    passwords.add(username, 'secret')
  } finally {
    passwords.close()
  }
}

it('makes the file, for its owner and group', async () => {
  await put('a')
  expect(usersOf()).toEqual(['a', ''])
  expect(statSync(path).mode & 0o137).toBe(0)
})

it('adds a line, also after one without an end, and keeps mode and owner', async () => {
  writeFileSync(path, 'a:x')
  chmodSync(path, 0o604)
  if (process.getuid?.() === 0) chownSync(path, 1234, 2345)
  const { uid, gid } = statSync(path)
  await put('b')
  await put('c')
  expect(usersOf()).toEqual(['a', 'b', 'c', ''])
  expect(statSync(path)).toMatchObject({ uid, gid })
  expect(statSync(path).mode & 0o777).toBe(0o604)
  expect(readdirSync(folder)).toEqual(['passwords'])
})

it('keeps a link to the file a link', async () => {
  const real = path
  writeFileSync(real, 'a:x\n')
  path = join(folder, 'link')
  symlinkSync(real, path)
  await put('b')
  expect(lstatSync(path).isSymbolicLink()).toBe(true)
  expect(readFileSync(real, 'utf8')).toMatch(/^a:x\nb:\$7\$/)
})

it('is another file, whole, from one moment to the next', async () => {
  writeFileSync(path, 'a:x\n')
  const reader = openSync(path, 'r')
  const opened = await openPasswordFile(path)
  expect(readFileSync(path, 'utf8')).toBe('a:x\n')
  opened.add('b', 'secret')
  opened.close()
  expect(readFileSync(reader, 'utf8')).toBe('a:x\n')
  closeSync(reader)
  expect(usersOf()).toEqual(['a', 'b', ''])
})

it('loses no line where many write at once', async () => {
  const names = Array.from({ length: 12 }, (_, i) => `kiosk-${i}`)
  await Promise.all(names.map(put))
  expect(new Set(usersOf())).toEqual(new Set([...names, '']))
})

it('tells whole names apart', async () => {
  writeFileSync(path, 'kiosk-10:x\nb:y\n')
  const opened = await openPasswordFile(path)
  expect(['kiosk-1', 'kiosk-10', 'b', 'x', ''].map(opened.has)).toEqual([false, true, true, false, false])
  opened.close()
  expect(readdirSync(folder)).toEqual(['passwords'])
})

it('waits no longer than it should, and says what stands in the way', async () => {
  writeFileSync(`${path}.new`, '')
  await expect(openPasswordFile(path, 50)).rejects.toMatchObject({
    code: 'file-failed',
    message: expect.stringMatching(/passwords\.new: another command is writing .* delete this file/),
  })
  expect(readdirSync(folder)).toEqual(['passwords', 'passwords.new'])
})
