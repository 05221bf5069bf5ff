import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readBoxHex } from '../../../firmware-bridge/simulator/box-hex.ts'
import { parseIntelHex } from '../../../firmware-bridge/simulator/intel-hex.ts'
import { findPackageRoot } from '../../shared/package-root.ts'

/**
 * The version of the firmware image in this package, read out of the image itself: the text that it will tell in `H`.
 *
 * @returns null when the image is missing, or holds no such text or several
 */
export function readImageFirmware(): string | null {
  let flash: Uint16Array
  try {
    flash = parseIntelHex(readBoxHex())
  } catch {
    return null
  }
  const text = Buffer.from(flash.buffer, flash.byteOffset, flash.byteLength).toString('latin1')
  const versions = [...text.matchAll(/(?<![\x20-\x7e])\d+\.\d+\.\d+[0-9A-Za-z.+-]*(?=\0)/g)].map(([version]) => version)
  return new Set(versions).size === 1 ? (versions[0] ?? null) : null
}

/** The command of firmware-bridge/firmware/README.md that writes the image to a board. */
export function makeFlashCommand(device: string): string {
  const folder = join(findPackageRoot(import.meta.url), 'firmware-bridge', 'firmware')
  if (existsSync(join(folder, 'Makefile'))) return `make -C ${folder} flash BOARD=nano PORT=${device}`
  return `avrdude -p atmega328p -c arduino -P ${device} -b 115200 -D -U flash:w:${join(folder, 'smilepost.hex')}:i`
}
