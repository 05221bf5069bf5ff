import { type BoxLine, type HostLine, lightModes, type PressFlags, protocolVersion, resetCauses } from './box-line.ts'
import { crc16 } from './crc16.ts'

/**
 * Writes a line as PROTOCOL.md §5 and §6 have it.
 *
 * @returns `BODY*CCCC\n`, ASCII, at most 96 bytes
 */
export function formatLine(line: BoxLine | HostLine): string {
  return formatFrame(formatBody(line))
}

/** Adds checksum and newline to a body (PROTOCOL.md §2). */
export function formatFrame(body: string): string {
  return `${body}*${crc16(body).toString(16).toUpperCase().padStart(4, '0')}\n`
}

function formatBody(line: BoxLine | HostLine): string {
  switch (line.type) {
    case 'hello': {
      const { boxId, bootNumber, resetCause, nextSequence, pending, dropped, bad, boxNowMs, firmware } = line
      const cause = resetCauses.indexOf(resetCause)
      return `H,${protocolVersion},${boxId},${bootNumber},${cause},${nextSequence},${pending},${dropped},${bad},${boxNowMs},${firmware}`
    }
    case 'press':
      return `E,${line.boxId},${line.sequence},${line.button},${line.ageMs ?? '-'},${formatFlags(line.flags)}`
    case 'no-identity':
      return 'N'
    case 'wake':
      return 'W'
    case 'ack':
      return `A,${line.boxId},${line.sequence},${line.status === 'committed' ? 0 : 2}`
    case 'set-identity':
      return `S,${line.boxId}`
    case 'lights':
      return `L,${lightModes.indexOf(line.mode)}`
  }
}

/** PROTOCOL.md §15.2 */
function formatFlags({ stuck, chord }: PressFlags): number {
  return (stuck ? 1 : 0) + (chord ? 2 : 0)
}
