import { readdir, readFile, statfs } from 'node:fs/promises'
import { join } from 'node:path'

/** What the machine tells of itself; null where it does not. */
export type Machine = {
  diskFreeBytes(): Promise<number | null>
  cpuTemperatureC(): Promise<number | null>
  undervoltage(): Promise<boolean | null>
}

const readText = (path: string): Promise<string | null> =>
  readFile(path, 'utf8').then(
    (text) => text.trim(),
    () => null,
  )

/** @param folder on the disk that holds the database */
export function makeMachine(folder: string, sysPath = '/sys'): Machine {
  const hwmonPath = join(sysPath, 'class/hwmon')
  return {
    diskFreeBytes: () =>
      statfs(folder).then(
        ({ bavail, bsize }) => bavail * bsize,
        () => null,
      ),
    async cpuTemperatureC() {
      const text = await readText(join(sysPath, 'class/thermal/thermal_zone0/temp'))
      return text !== null && /^-?\d+$/.test(text) ? Number(text) / 1000 : null
    },
    async undervoltage() {
      const sensors = await readdir(hwmonPath).catch(() => [])
      for (const sensor of sensors) {
        // The Pi's firmware sensor; its alarm stays set once the supply has sagged.
        if ((await readText(join(hwmonPath, sensor, 'name'))) !== 'rpi_volt') continue
        const alarm = await readText(join(hwmonPath, sensor, 'in0_lcrit_alarm'))
        return alarm === null ? null : alarm === '1'
      }
      return null
    },
  }
}
