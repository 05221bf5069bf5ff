/**
 * Sends a history the way a terminal sends its backlog: over MQTT, in batches of 200, one in flight, the next on the ack that the
 * central gives after its COMMIT.
 */
import { createHash, randomBytes } from 'node:crypto'
import { connectAsync } from 'mqtt'
import { formatBatch } from '../../contracts/format-batch.ts'
import { maxBatchRecords } from '../../contracts/limits.ts'
import type { Hello } from '../../contracts/messages.ts'
import { formatMessage, parseAck } from '../../contracts/parse-message.ts'
import type { NewRecord, TerminalRecord } from '../../contracts/records.ts'
import { makeTopic } from '../../contracts/topics.ts'
import { AppError } from '../../shared/errors.ts'

export type HistorySource = {
  terminal: string
  secret: string
  records: readonly NewRecord[]
  box: string
  boot: string
  bootedAtMs: number
}

const ackDeadlineMs = 20_000
const hashText = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16)

/** Calls back with each ack's mark; a wait that takes too long fails, since a demo has nobody to retry for. */
function makeMarkQueue(terminal: string) {
  let wake: (upTo: number) => void = () => {}
  return {
    push: (upTo: number) => wake(upTo),
    next: () =>
      new Promise<number>((resolve, reject) => {
        const timer = setTimeout(
          () =>
            reject(
              new AppError(
                'broker-unreachable',
                `${terminal}: the central did not acknowledge within ${ackDeadlineMs / 1000} s`,
              ),
            ),
          ackDeadlineMs,
        )
        wake = (upTo) => {
          clearTimeout(timer)
          resolve(upTo)
        }
      }),
  }
}

function makeHello({ box, boot, bootedAtMs }: HistorySource, epoch: string, pressCount: number): Hello {
  return {
    nonce: randomBytes(8).toString('hex'),
    versions: { terminal: 'demo-history' },
    epoch,
    held: [],
    boot,
    monoMs: Date.now() - bootedAtMs,
    box: { id: box, next: pressCount + 1, pending: 0, dropped: 0 },
  }
}

/**
 * @param onProgress called with the number of records that were acknowledged since the last call
 * @throws AppError when the central stops acknowledging
 */
export async function sendHistory(
  brokerUrl: string,
  source: HistorySource,
  onProgress: (records: number) => void,
): Promise<void> {
  const { terminal, secret } = source
  const epoch = randomBytes(8).toString('hex')
  const client = await connectAsync(brokerUrl, {
    clientId: terminal,
    username: terminal,
    password: secret,
    protocolVersion: 4,
    reconnectPeriod: 0,
  })
  const marks = makeMarkQueue(terminal)
  client.on('message', (_topic, payload) => {
    const ack = parseAck(payload)
    if (ack.ok && 'upTo' in ack.value && ack.value.epoch === epoch) marks.push(ack.value.upTo)
  })
  try {
    await client.subscribeAsync(makeTopic(terminal, 'ack'), { qos: 1 })
    let sent = 0
    while (sent < source.records.length) {
      const records = source.records
        .slice(sent, sent + maxBatchRecords)
        .map((record, i) => ({ ...record, sequence: sent + 1 + i }) as TerminalRecord)
      const text = formatBatch({ epoch, first: sent + 1, records }, hashText)
      const [upTo] = await Promise.all([
        marks.next(),
        client.publishAsync(makeTopic(terminal, 'batch'), text, { qos: 1 }),
      ])
      onProgress(upTo - sent)
      sent = upTo
    }
    const presses = source.records.filter(({ kind }) => kind === 'press').length
    await client.publishAsync(makeTopic(terminal, 'hello'), formatMessage(makeHello(source, epoch, presses)), {
      qos: 1,
    })
  } finally {
    await client.endAsync()
  }
}
