import { readdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { SerialPort } from 'serialport'

export type SerialDevice = {
  path: string
  /** Names that stay when devices are numbered anew: those of /dev/serial/by-path first. */
  links: string[]
  /** Who made it, as it says itself. */
  maker: string | null
}

const portName = /^tty(USB|ACM|AMA|XRUSB|mxc|THS|SAC|S)\d+$/

/** Serial devices that are plugged in, those on USB first. */
export async function listSerialDevices(): Promise<SerialDevice[]> {
  // Needs udevadm, which small systems lack.
  const listed = await SerialPort.list().catch(() => [])
  const links = ['/dev/serial/by-path', '/dev/serial/by-id'].flatMap(readLinks)
  const named = listed.length > 0 ? [] : readNames('/dev').filter((name) => portName.test(name))
  const paths = [
    ...listed.map(({ path }) => path),
    ...named.map((name) => `/dev/${name}`),
    ...links.map(({ to }) => to),
  ]
  return [...new Set(paths)]
    .map((path) => ({
      path,
      links: links.filter(({ to }) => to === path).map(({ link }) => link),
      maker: listed.find((port) => port.path === path)?.manufacturer ?? null,
    }))
    .sort((a, b) => Number(isBuiltIn(a.path)) - Number(isBuiltIn(b.path)))
}

const isBuiltIn = (path: string) => /ttyS\d+$/.test(path)

function readLinks(folder: string): { link: string; to: string }[] {
  return readNames(folder).flatMap((name) => {
    const link = join(folder, name)
    try {
      return [{ link, to: realpathSync(link) }]
    } catch {
      return []
    }
  })
}

/** Names in a folder; none where it can't be read. */
export function readNames(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
