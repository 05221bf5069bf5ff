/** Why bytes on a connection are no MQTT that we take; MQTT 3.1.1 §2.2. */
export type FrameFault = 'not-mqtt' | 'bad-length' | 'too-large'
export type FrameCheck = (chunk: Uint8Array) => FrameFault | null

const connectByte = 0x10
/** Packet types that a client may send: CONNECT, PUBLISH, PUBACK…PUBCOMP, SUBSCRIBE, UNSUBSCRIBE, PINGREQ, DISCONNECT. */
const clientTypes = new Set([1, 3, 4, 5, 6, 7, 8, 10, 12, 14])

/**
 * Follows the fixed headers of a stream of MQTT packets, so that a length is refused when it is announced and not when its bytes have
 * been collected: the parser of the broker takes up to 256 MB.
 *
 * @param maxFirstBytes bound of the first packet, which must be a CONNECT and comes from anybody
 * @param maxBytes bound of every later one
 */
export function makeFrameCheck({ maxFirstBytes, maxBytes }: { maxFirstBytes: number; maxBytes: number }): FrameCheck {
  let isFirst = true
  /** Body bytes still to be skipped; null within a header. */
  let bodyLeft: number | null = null
  let header: { length: number; digits: number } | null = null

  function takeHeaderByte(byte: number): FrameFault | null {
    if (!header) {
      if (isFirst ? byte !== connectByte : !clientTypes.has(byte >> 4)) return 'not-mqtt'
      header = { length: 0, digits: 0 }
      return null
    }
    header.length += (byte & 0x7f) * 128 ** header.digits
    header.digits += 1
    if (header.length > (isFirst ? maxFirstBytes : maxBytes)) return 'too-large'
    if (byte & 0x80) return header.digits === 4 ? 'bad-length' : null
    bodyLeft = header.length
    header = null
    isFirst = false
    return null
  }

  return (chunk) => {
    let at = 0
    while (at < chunk.length) {
      if (bodyLeft) {
        const skipped = Math.min(bodyLeft, chunk.length - at)
        bodyLeft -= skipped
        at += skipped
        continue
      }
      const fault = takeHeaderByte(chunk[at] as number)
      if (fault) return fault
      at += 1
    }
    return null
  }
}
