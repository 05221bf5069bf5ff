import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { type BoxLink, openBoxLink } from '../../firmware-bridge/serial/box-link.ts'
import { makeSerialPortOpener } from '../../firmware-bridge/serial/serial-port.ts'
import { systemClock } from '../../src/shared/clock.ts'
import { type Outbox, openOutbox } from '../../src/terminal/outbox/outbox.ts'
import { makeBoxPressRecord } from '../../src/terminal/press-record.ts'
import { silentLogger } from './silent-logger.ts'

const survey = { question: 'service', revision: 1, scaleMax: 3 }
const boot = '00000000-0000-4000-8000-000000000001'

type StoredPress = { box: string; boxSeq: number; button: number; stuck: boolean }

/** What of a terminal holds a box's presses: the link on a real serial device, and the outbox on a real disk. */
export type TerminalEnd = {
  link(): BoxLink
  /** Presses handed on by the link, repeats too. */
  received(): number
  /** In the order in which they were committed, read by plain SQL beside the outbox. */
  stored(): StoredPress[]
  /** Closes the port and the outbox and opens both anew, as a restarted daemon does. */
  restart(): Promise<void>
  close(): Promise<void>
}

/** @param dir an existing folder, for the database */
export function openTerminalEnd({ device, dir }: { device: string; dir: string }): TerminalEnd {
  const path = join(dir, 'outbox.sqlite')
  const randomHex = (digits: number) => randomBytes(digits).toString('hex').slice(0, digits)
  let received = 0
  let outbox: Outbox
  let link: BoxLink

  function open(): void {
    outbox = openOutbox({ path, clock: systemClock, randomHex, logger: silentLogger })
    link = openBoxLink({
      openPort: makeSerialPortOpener({ path: device }),
      ...{ clock: systemClock, logger: silentLogger, random: Math.random },
      onPress(press) {
        received += 1
        const record = makeBoxPressRecord(press, survey, { clock: systemClock, boot })
        return outbox.append(record) === 'full' ? 'full' : 'stored'
      },
      saveBoxId: outbox.saveBoxId,
    })
  }
  async function close(): Promise<void> {
    await link.close()
    outbox.close()
  }

  open()
  return {
    link: () => link,
    received: () => received,
    stored: () => readStored(path),
    async restart() {
      await close()
      open()
    },
    close,
  }
}

type Row = { box: string; box_seq: number; content: string }

function readStored(path: string): StoredPress[] {
  const database = new Database(path, { readonly: true })
  try {
    const rows = database
      .prepare<[], Row>("SELECT box, box_seq, content FROM records WHERE kind = 'press' ORDER BY ordinal, sequence")
      .all()
    return rows.map(({ box, box_seq: boxSeq, content }) => {
      const { value, flags } = JSON.parse(content) as { value: number; flags: number }
      return { box, boxSeq, button: 4 - value, stuck: (flags & 1) !== 0 }
    })
  } finally {
    database.close()
  }
}
