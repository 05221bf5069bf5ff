/** A terminal of the protocol alone: sends one batch of box presses after the other over MQTT, each once the one before is acknowledged. */
import { connect } from 'mqtt'
import { formatBatch } from '../../../src/contracts/format-batch.ts'
import type { TerminalRecord } from '../../../src/contracts/records.ts'
import { hashText } from '../../support/record-arbitraries.ts'

export type Feeder = {
  /** Records that the central has acknowledged. */
  acknowledged(): number
  /** Last sequence of the batch that waits for its ack. */
  sent(): number
  /** Sends no more, once what is sent is acknowledged. */
  close(): Promise<void>
}

const batchRecords = 200
const repeatMs = 300

/**
 * @param makeRecord the record of a sequence; the same one each time
 * @param length how many records there are
 */
export function feedCentral(
  url: string,
  { terminal, secret, epoch }: { terminal: string; secret: string; epoch: string },
  makeRecord: (sequence: number) => TerminalRecord,
  length = Number.POSITIVE_INFINITY,
): Feeder {
  const client = connect(url, { clientId: terminal, username: terminal, password: secret, reconnectPeriod: 50 })
  const topic = `smilepost/v1/${terminal}`
  let mark = 0
  let last = 0
  let timer: NodeJS.Timeout | undefined

  function send(): void {
    clearTimeout(timer)
    timer = setTimeout(send, repeatMs)
    if (!client.connected) return
    const count = Math.min(batchRecords, length - mark)
    last = mark + count
    if (count === 0) return
    const records = Array.from({ length: count }, (_, i) => makeRecord(mark + 1 + i))
    client.publish(`${topic}/batch`, formatBatch({ epoch, first: mark + 1, records }, hashText), { qos: 1 })
  }

  client.on('error', () => {})
  client.on('connect', () => client.subscribe(`${topic}/ack`, { qos: 1 }, send))
  client.on('message', (_, payload) => {
    const ack = JSON.parse(payload.toString()) as { upTo?: number }
    if (ack.upTo === undefined || ack.upTo <= mark) return
    mark = ack.upTo
    send()
  })
  return {
    acknowledged: () => mark,
    sent: () => last,
    async close() {
      clearTimeout(timer)
      await client.endAsync(true)
    },
  }
}
