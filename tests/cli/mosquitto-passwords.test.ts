import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { formatPasswordLine, putPassword } from '../../src/cli/mosquitto-passwords.ts'

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

it('adds a line, also after one without an end, and keeps the mode', () => {
  writeFileSync(path, 'a:x')
  chmodSync(path, 0o640)
  putPassword(path, 'b', 'secret')
  putPassword(path, 'c', 'secret')
  expect(usersOf()).toEqual(['a', 'b', 'c', ''])
  expect(statSync(path).mode & 0o777).toBe(0o640)
})

it('replaces a user of the same name and no other', () => {
  writeFileSync(path, 'kiosk-1:old\nkiosk-10:x\n')
  putPassword(path, 'kiosk-1', 'new')
  expect(usersOf()).toEqual(['kiosk-10', 'kiosk-1', ''])
  expect(readFileSync(path, 'utf8')).not.toContain('old')
})
