// Appends presses of a box until it is killed, and says each on stdout once the outbox has called it stored.
import { randomBytes } from 'node:crypto'
import { writeSync } from 'node:fs'
import { openOutbox } from '../../../dist/src/terminal/outbox/outbox.js'

const [path, from] = process.argv.slice(2)
const log = () => {}
const outbox = openOutbox({
  path,
  clock: { wallMs: () => Date.now(), monoMs: () => Math.round(performance.now()) },
  randomHex: (digits) => randomBytes(digits).toString('hex').slice(0, digits),
  logger: { debug: log, info: log, warn: log, error: log },
})
for (let boxSeq = Number(from); ; boxSeq += 1) {
  const appended = outbox.append({
    ...{ kind: 'press', boot: '0123abcd', monoMs: boxSeq, wallMs: boxSeq, spreadMs: 0, flags: 0 },
    ...{ question: 'service', surveyRevision: 1, value: boxSeq % 4, source: 'box', box: 'b0c0ffee', boxSeq },
  })
  if (appended === 'stored') writeSync(1, `${boxSeq}\n`)
}
