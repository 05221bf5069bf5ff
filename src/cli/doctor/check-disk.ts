import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  writeSync,
} from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { diskTexts } from './disk-texts.ts'
import { type Check, type Facts, type Finding, makeFinding } from './finding.ts'
import type { Scene } from './scene.ts'

const find = (code: keyof typeof diskTexts, facts: Facts) => makeFinding('disk', code, diskTexts[code], facts)
const probeBytes = 4096

/** The disk under a terminal's data: room, whether it can be written and read back, and what lies beside the outbox. */
export function makeDiskCheck(scene: Scene): Check {
  return { name: 'disk', run: async () => checkDisk(scene) }
}

function checkDisk(scene: Scene): Finding[] {
  const folder = scene.dataFolder
  if (folder === null) return []
  const stats = statSync(folder, { throwIfNoEntry: false })
  if (!stats) return [find('no-folder', { folder })]
  if (!stats.isDirectory()) return [find('not-a-folder', { folder })]
  const room = readRoom(folder, scene)
  const isForeign = isOthers(stats.uid)
  const fault = isForeign ? null : tryDisk(folder)
  const facts = { ...room, folder, owner: stats.uid, user: userInfo().username, error: fault }
  return [
    find(codeOfRoom(room), facts),
    ...(isForeign ? [find('other-user', facts)] : []),
    ...(fault && !/ENOSPC|EDQUOT/.test(fault) ? [find(/EROFS/.test(fault) ? 'read-only' : 'not-writable', facts)] : []),
    ...describeAside(folder, scene),
  ]
}

/** Root may look at everything, and what it makes in a folder goes away again. */
export const isOthers = (uid: number): boolean => {
  const own = process.getuid?.()
  return own !== undefined && own !== 0 && own !== uid
}

function readRoom(folder: string, { config, daemon }: Scene) {
  const { bavail, bsize, blocks } = statfsSync(folder)
  const sizeOf = (name: string) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0
  const storage = daemon.kind === 'running' ? daemon.state.storage : null
  return {
    freeBytes: bavail * bsize,
    diskBytes: blocks * bsize,
    databaseBytes: sizeOf('outbox.sqlite'),
    walBytes: sizeOf('outbox.sqlite-wal'),
    ballastBytes: sizeOf('ballast'),
    isBallastWanted: (config?.disk.ballastMb ?? 0) > 0,
    trimBelowBytes: (config?.disk.trimBelowMb ?? 0) * 2 ** 20,
    isRunning: storage !== null,
    isRefusing: storage?.refusing ?? false,
  }
}

/** A start needs room for the index of the WAL and a page or two. */
const leastBytes = 2 ** 18

function codeOfRoom(room: ReturnType<typeof readRoom>): keyof typeof diskTexts {
  if (room.isRefusing) return 'refusing'
  if (room.freeBytes < leastBytes) return 'full'
  if (room.isRunning && room.isBallastWanted && room.ballastBytes === 0) return 'no-ballast'
  return room.freeBytes < room.trimBelowBytes ? 'short' : 'room'
}

/** Writes a page and reads it back. @returns the error's text, null for none */
function tryDisk(folder: string): string | null {
  const path = join(folder, `doctor-${randomBytes(6).toString('hex')}`)
  try {
    const page = randomBytes(probeBytes)
    const file = openSync(path, 'wx')
    try {
      writeSync(file, page)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    return readFileSync(path).equals(page) ? null : 'what is read is not what was written'
  } catch (error) {
    return (error as Error).message
  } finally {
    rmSync(path, { force: true })
  }
}

function describeAside(folder: string, { daemon }: Scene): Finding[] {
  const path = join(folder, 'quarantine')
  const names = statSync(path, { throwIfNoEntry: false }) ? readdirSync(path).sort() : []
  if (names.length === 0) return []
  const told = daemon.kind === 'running' ? daemon.state.storage.quarantined : []
  const sum = (pick: (one: (typeof told)[number]) => number | null) =>
    told.reduce((total, one) => total + (pick(one) ?? 0), 0)
  const open = told.filter(({ salvaged }) => salvaged === null).length
  const uncounted = told.filter(({ missing }) => missing === null).length
  const facts = { path, count: names.length, newest: names.at(-1), open, uncounted, told: told.length }
  return [find('quarantined', { ...facts, salvaged: sum((one) => one.salvaged), missing: sum((one) => one.missing) })]
}
