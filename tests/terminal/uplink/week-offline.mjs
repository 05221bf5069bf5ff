// Presses of a week without a network, as fast as the disk takes them; says how much more memory is in use afterwards.
import { randomBytes } from 'node:crypto'
import { openOutbox } from '../../../dist/src/terminal/outbox/outbox.js'
import { usualTiming } from '../../../dist/src/terminal/uplink/timing.js'
import { openUplink } from '../../../dist/src/terminal/uplink/uplink.js'

const [path, url, count] = process.argv.slice(2)
const boot = '00000000-0000-4000-8000-000000000001'
const log = () => {}
const logger = { debug: log, info: log, warn: log, error: log, child: () => logger }
const clock = { wallMs: () => Date.now(), monoMs: () => Math.round(performance.now()) }
const randomHex = (digits) => randomBytes(digits).toString('hex').slice(0, digits)
const outbox = openOutbox({ path, clock, randomHex, logger })
const uplink = openUplink({
  ...{
    brokers: [url],
    terminal: 'kiosk-1',
    secret: 's',
    custody: outbox,
    clock,
    logger,
    random: Math.random,
    randomHex,
  },
  helloParts: () => ({ versions: { terminal: '0' }, boot, box: null }),
  gatherHealth: () => Promise.reject(new Error('never asked without a connection')),
  ...{ onDesired: log, onConnected: log },
  // An attempt every few milliseconds: thousands in a week.
  timing: { ...usualTiming, outageSpreadMs: 10, firstDelayMs: 10, maxDelayMs: 10 },
})

async function press(from, to) {
  for (let boxSeq = from; boxSeq <= to; boxSeq += 1) {
    outbox.append({
      ...{ kind: 'press', boot, monoMs: boxSeq, wallMs: boxSeq, spreadMs: 0, flags: 0 },
      ...{ question: 'service', surveyRevision: 1, value: boxSeq % 4, source: 'box', box: 'b0c0ffee', boxSeq },
    })
    uplink.wake()
    uplink.noteHealthChange()
    if (boxSeq % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

function measure() {
  globalThis.gc()
  return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers
}

await press(1, 5_000)
const before = measure()
await press(5_001, Number(count))
const grownBytes = measure() - before
console.log(
  JSON.stringify({ grownBytes, waiting: outbox.undelivered().count, attempts: uplink.counters()['connect-failed'] }),
)
await uplink.close(100)
outbox.close()
