import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCommitFile } from '../../../firmware-bridge/simulator/commit-file.ts'
import { loadEeprom, saveEeprom } from '../../../firmware-bridge/simulator/eeprom-file.ts'
import { openKnownBox } from '../../support/box-script.ts'

let dir = ''
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'smilepost-box-files-'))
})
afterAll(() => rmSync(dir, { recursive: true }))

describe('the log of commits on disk', () => {
  it('holds a press before the box has told it, and goes on where it was', () => {
    const path = join(dir, 'commits.jsonl')
    const read = () => readFileSync(path, 'utf8')
    writeFileSync(path, '{"earlier":true}\n')
    const commits = openCommitFile(path)
    const box = openKnownBox({ onCommit: commits.append })
    const atFirstTelling: string[] = []
    box.onBytes((bytes) => {
      if (Buffer.from(bytes).toString('latin1').startsWith('E')) atFirstTelling.push(read())
    })
    box.press(3)
    box.advance(100)
    const [line] = box.committed()
    expect(atFirstTelling).toEqual([`{"earlier":true}\n${JSON.stringify(line)}\n`])
    expect(line).toMatchObject({ boxId: '3f9c02d7', sequence: 1, button: 3, flags: { stuck: false, chord: false } })
    commits.close()
    expect(() => openCommitFile(join(dir, 'nowhere', 'x'))).toThrow(/^cannot write the log of commits/)
    const onFullDisk = openCommitFile('/dev/full')
    expect(() => line && onFullDisk.append(line)).toThrow(/^cannot write the log of commits \/dev\/full: ENOSPC/)
    onFullDisk.close()
  })
})

describe('the EEPROM on disk', () => {
  it('comes back as it was, and is none where there is none or something else', () => {
    const path = join(dir, 'eeprom')
    expect(loadEeprom(path)).toBeNull()
    const content = openKnownBox().eeprom()
    saveEeprom(path, content)
    expect(Buffer.from(loadEeprom(path) ?? []).equals(Buffer.from(content))).toBe(true)
    writeFileSync(path, content.subarray(1))
    expect(() => loadEeprom(path)).toThrow(/is no EEPROM: 1023 bytes instead of 1024$/)
    expect(() => saveEeprom(join(dir, 'nowhere', 'x'), content)).toThrow(/^cannot save the EEPROM/)
  })
})
