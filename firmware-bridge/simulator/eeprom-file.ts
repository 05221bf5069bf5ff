import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { AppError } from '../../src/shared/errors.ts'
import { eepromBytes } from './eeprom-cells.ts'

/**
 * Reads the content of a box's EEPROM, 1024 bytes as they are; as avrdude writes them with `:r`.
 *
 * @returns null where there is no such file
 * @throws AppError `simulator-file` when it can't be read or has another size
 */
export function loadEeprom(path: string): Uint8Array | null {
  if (!existsSync(path)) return null
  let content: Buffer
  try {
    content = readFileSync(path)
  } catch (cause) {
    throw new AppError('simulator-file', `cannot read the EEPROM ${path}: ${(cause as Error).message}`, { cause })
  }
  if (content.length !== eepromBytes)
    throw new AppError('simulator-file', `${path} is no EEPROM: ${content.length} bytes instead of ${eepromBytes}`)
  return content
}

/** Whole or not at all. */
export function saveEeprom(path: string, content: Uint8Array): void {
  try {
    writeFileSync(`${path}.new`, content)
    renameSync(`${path}.new`, path)
  } catch (cause) {
    throw new AppError('simulator-file', `cannot save the EEPROM ${path}: ${(cause as Error).message}`, { cause })
  }
}
