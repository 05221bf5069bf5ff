import { setTimeout as sleep } from 'node:timers/promises'
import { listSerialDevices } from '../../../firmware-bridge/serial/diagnose-devices.ts'
import { inspectPort } from '../../../firmware-bridge/serial/diagnose-port.ts'
import type { LineState } from '../../contracts/http/kiosk.ts'
import { readDaemonEvidence } from './daemon-evidence.ts'
import { describeLine, describeOpenFailure, makePortFinding } from './describe-line.ts'
import type { Finding } from './finding.ts'
import { describePermission } from './port-facts.ts'

/** A daemon without a line tries again every few seconds; what is older than this is over. */
const recentMs = 15_000

/**
 * Watches the line through the daemon that has it.
 *
 * @returns null when the daemon has ended meanwhile
 */
export async function checkDaemonLine(
  before: LineState,
  ask: () => Promise<LineState | null>,
  watchMs: number,
): Promise<Finding[] | null> {
  await sleep(watchMs)
  const after = await ask()
  if (!after) return null
  const device = after.device ?? 'the built-in box'
  const evidence = readDaemonEvidence(before, after)
  const isAlive = evidence.lastHello !== null || evidence.noIdentityLines > 0
  const trouble = isAlive ? null : await describeTrouble(device, after)
  if (trouble) return [trouble]
  const facts = { device, viaDaemon: true, state: after.state, reason: after.reason, counters: after.counters }
  return [...(await describeLine(evidence, facts)), ...describeStoring(device, before, after)]
}

/** What keeps presses in the box although the line is good. */
function describeStoring(device: string, before: LineState, after: LineState): Finding[] {
  const rise = (name: string) => (after.counters[name] ?? 0) - (before.counters[name] ?? 0)
  const { reason } = after
  if (rise('press-reused') > 0) return [makePortFinding('set-back-box', { device, reason })]
  if ((after.counters['sequence-went-back'] ?? 0) > 0) return [makePortFinding('twin-box', { device, reason })]
  const isStoring = rise('press-not-stored') <= 0 && rise('identity-not-saved') <= 0
  return isStoring ? [] : [makePortFinding('daemon-cannot-store', { device })]
}

/** Why the daemon has no line, where its attempts to open one tell it. */
async function describeTrouble(device: string, { trouble }: LineState): Promise<Finding | null> {
  if (!trouble || trouble.agoMs > recentMs) return null
  const devices = await listSerialDevices()
  if (trouble.state === 'searching') return makePortFinding('no-device', { device, devices, viaDaemon: true })
  if (/permission denied/i.test(trouble.reason)) {
    const port = await inspectPort(device)
    const owner = port.kind === 'no-permission' ? port.owner : null
    return makePortFinding('no-permission-daemon', { ...describePermission(device, owner), viaDaemon: true })
  }
  if (/^cannot open/.test(trouble.reason)) return describeOpenFailure(device, trouble.reason, devices)
  const port = await inspectPort(device)
  const isBusy = /^another program/.test(trouble.reason)
  return isBusy ? makePortFinding('port-busy', { device, ...(port.kind === 'locked' && port.holder) }) : null
}
