/**
 * The serial line: from what the operating system says of the device, from the daemon that has it, or by listening.
 *
 * It must not disturb a daemon: whoever opens a device sets its speed before the lock says no. So the daemon is asked
 * first and the kernel's list of locks is read next; the device is opened only when both know of nobody.
 */
import { realpathSync } from 'node:fs'
import { listSerialDevices } from '../../../firmware-bridge/serial/diagnose-devices.ts'
import type { LineEvidence } from '../../../firmware-bridge/serial/diagnose-line.ts'
import { findSpeaker, listenToLine, otherSpeedsBaud } from '../../../firmware-bridge/serial/diagnose-listen.ts'
import { inspectPort } from '../../../firmware-bridge/serial/diagnose-port.ts'
import { makeSerialPortOpener } from '../../../firmware-bridge/serial/serial-port.ts'
import type { LineState } from '../../contracts/http/kiosk.ts'
import type { Clock } from '../../shared/clock.ts'
import { askDaemon } from './ask-daemon.ts'
import { checkDaemonLine } from './check-daemon-line.ts'
import { describeLine, describeOpenFailure, describePort, makePortFinding } from './describe-line.ts'
import type { Check, Finding, ShowStep } from './finding.ts'

export type LineCheckOptions = {
  /** Asked for on the command line. */
  device: string | null
  configuredDevice: string | null
  /** Where the daemon's touch page is; null when its port is drawn at each start. */
  kioskPort: number | null
  isConfigured: boolean
  listenMs: number
  clock: Pick<Clock, 'monoMs'>
}

/** Two heartbeats of a box. */
const usualSpeedMs = 2200
export function makeLineCheck(options: LineCheckOptions): Check {
  return { name: 'line', run: (showStep) => checkLine(options, showStep) }
}

async function checkLine(options: LineCheckOptions, showStep: ShowStep): Promise<Finding[]> {
  const { kioskPort, configuredDevice, isConfigured } = options
  const daemon = kioskPort === null ? null : await askDaemon(kioskPort)
  if (daemon && concerns(daemon, options.device)) {
    showStep(`watching the daemon's line for ${options.listenMs / 1000} s`)
    const findings = await checkDaemonLine(daemon, () => askDaemon(kioskPort ?? 0), options.listenMs)
    if (findings) return findings
  }
  const device = options.device ?? configuredDevice ?? daemon?.device
  if (device) return checkPort(device, options, showStep)
  const devices = await listSerialDevices()
  return [makePortFinding(isConfigured || daemon ? 'no-box' : 'no-device-named', { devices })]
}

/** A daemon has nothing to say of a device that it doesn't have. */
function concerns({ state, device }: LineState, asked: string | null): boolean {
  if (state === 'none') return false
  return asked === null || (device !== null && resolveLink(device) === resolveLink(asked))
}

function resolveLink(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

async function checkPort(device: string, options: LineCheckOptions, showStep: ShowStep): Promise<Finding[]> {
  const port = await inspectPort(device)
  if (port.kind !== 'free') return [await describePort(port, device, options.kioskPort)]
  const { sharers } = port
  const shared = sharers.length > 0 ? [makePortFinding('port-shared', { device: port.device, sharers })] : []
  let evidence: LineEvidence
  try {
    evidence = await listen(device, options, showStep)
  } catch (error) {
    // Whoever came first since the device was looked at.
    const now = await inspectPort(device)
    if (now.kind !== 'free') return [await describePort(now, device, options.kioskPort)]
    const devices = await listSerialDevices()
    return [...shared, describeOpenFailure(device, error, devices)]
  }
  const now = await inspectPort(device)
  if (now.kind === 'missing') return [await describePort(now, device, options.kioskPort)]
  return [...shared, ...(await describeLine(evidence, { device, viaDaemon: false }))]
}

async function listen(device: string, options: LineCheckOptions, showStep: ShowStep): Promise<LineEvidence> {
  const { listenMs, clock } = options
  showStep(`listening to ${device} for ${listenMs / 1000} s`)
  const evidence = await listenToLine({ openPort: makeSerialPortOpener({ path: device }), listenMs, clock })
  const isUnclear = evidence.speaker !== null && ['repeating', 'nonsense', 'level'].includes(evidence.speaker.kind)
  const isNothingHeard = evidence.goodLines === 0 && (evidence.badLines.version ?? 0) === 0
  if (!isUnclear || !isNothingHeard) return evidence
  const onSpeed = (speedBaud: number) => {
    const turn = otherSpeedsBaud.indexOf(speedBaud) + 1
    showStep(`trying ${speedBaud} baud (${turn} of ${otherSpeedsBaud.length})`)
  }
  const understood = await findSpeaker({ path: device, eachMs: Math.min(listenMs, usualSpeedMs), clock, onSpeed })
  return understood ?? evidence
}
