/**
 * The serial line: from what the operating system says of the device, from the daemon that has it, or by listening.
 *
 * It must not disturb a daemon: whoever opens a device sets its speed before the lock says no. So the daemon is asked
 * first and the kernel's list of locks is read next; the device is opened only when both know of nobody.
 */
import { realpathSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  countBad,
  diagnoseLine,
  type LineEvidence,
  lineSpeedBaud,
} from '../../../firmware-bridge/serial/diagnose-line.ts'
import { findSpeaker, listenToLine, otherSpeedsBaud } from '../../../firmware-bridge/serial/diagnose-listen.ts'
import {
  inspectPort,
  listSerialDevices,
  type PortState,
  type SerialDevice,
} from '../../../firmware-bridge/serial/diagnose-port.ts'
import { makeSerialPortOpener } from '../../../firmware-bridge/serial/serial-port.ts'
import type { LineState } from '../../contracts/http/kiosk.ts'
import type { Clock } from '../../shared/clock.ts'
import { AppError } from '../../shared/errors.ts'
import { askDaemon } from './ask-daemon.ts'
import { readDaemonEvidence } from './daemon-evidence.ts'
import { type Check, type Facts, type Finding, makeFinding, type ShowStep } from './finding.ts'
import { makeFlashCommand, readImageFirmware } from './image-firmware.ts'
import { lineTexts } from './line-texts.ts'
import { describePermission, isDaemonCommand } from './port-facts.ts'
import { portTexts } from './port-texts.ts'

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
const portFinding = (code: keyof typeof portTexts, facts: Facts) => makeFinding('line', code, portTexts[code], facts)

export function makeLineCheck(options: LineCheckOptions): Check {
  return { name: 'line', run: (showStep) => checkLine(options, showStep) }
}

async function checkLine(options: LineCheckOptions, showStep: ShowStep): Promise<Finding[]> {
  const { kioskPort, configuredDevice, isConfigured } = options
  const daemon = kioskPort === null ? null : await askDaemon(kioskPort)
  if (daemon && concerns(daemon, options.device)) return checkThroughDaemon(daemon, options, showStep)
  const device = options.device ?? configuredDevice
  if (device) return checkPort(device, options, showStep)
  const devices = await listSerialDevices()
  return [portFinding(isConfigured || daemon ? 'no-box' : 'no-device-named', { devices })]
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
  const shared = sharers.length > 0 ? [portFinding('port-shared', { device: port.device, sharers })] : []
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
  return [...shared, ...(await tell(evidence, { device, viaDaemon: false }))]
}

function describeOpenFailure(device: string, error: unknown, devices: SerialDevice[]): Finding {
  const text = error instanceof Error ? error.message : String(error)
  if (error instanceof AppError && error.code === 'box-port-busy') return portFinding('port-busy', { device })
  if (/inappropriate ioctl/i.test(text)) return portFinding('not-serial', { device, is: 'other', devices })
  return portFinding('open-failed', { device, error: text, devices })
}

async function describePort(
  port: Exclude<PortState, { kind: 'free' }>,
  device: string,
  kioskPort: number | null,
): Promise<Finding> {
  if (port.kind === 'no-permission') return portFinding('no-permission', describePermission(device, port.owner))
  if (port.kind === 'locked') {
    const isOurs = isDaemonCommand(port.holder.command)
    return portFinding(isOurs ? 'daemon-silent' : 'port-busy', { device, port: kioskPort, ...port.holder })
  }
  const devices = await listSerialDevices()
  if (port.kind === 'missing') return portFinding('no-device', { device, devices })
  return portFinding('not-serial', { device, is: port.is, devices })
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

async function checkThroughDaemon(
  before: LineState,
  { kioskPort, listenMs }: LineCheckOptions,
  showStep: ShowStep,
): Promise<Finding[]> {
  showStep(`watching the daemon's line for ${listenMs / 1000} s`)
  await sleep(listenMs)
  const after = (await askDaemon(kioskPort ?? 0)) ?? before
  const device = after.device ?? 'the box in this process'
  const evidence = readDaemonEvidence(before, after)
  const isAlive = evidence.lastHello !== null || evidence.noIdentityLines > 0
  const trouble = isAlive ? null : await describeTrouble(device, after)
  if (trouble) return [trouble]
  const facts = { device, viaDaemon: true, state: after.state, reason: after.reason, counters: after.counters }
  return [...(await tell(evidence, facts)), ...describeStoring(device, before, after)]
}

/** What keeps presses in the box although the line is good. */
function describeStoring(device: string, before: LineState, after: LineState): Finding[] {
  const rise = (name: string) => (after.counters[name] ?? 0) - (before.counters[name] ?? 0)
  const { reason } = after
  if (rise('press-reused') > 0) return [portFinding('set-back-box', { device, reason })]
  if ((after.counters['sequence-went-back'] ?? 0) > 0) return [portFinding('twin-box', { device, reason })]
  const isStoring = rise('press-not-stored') <= 0 && rise('identity-not-saved') <= 0
  return isStoring ? [] : [portFinding('daemon-cannot-store', { device })]
}

/** Why the daemon has no line, where its attempts to open one tell it. */
async function describeTrouble(device: string, { trouble }: LineState): Promise<Finding | null> {
  if (!trouble) return null
  const devices = await listSerialDevices()
  if (trouble.state === 'searching') return portFinding('no-device', { device, devices, viaDaemon: true })
  if (/permission denied/i.test(trouble.reason)) {
    const port = await inspectPort(device)
    const owner = port.kind === 'no-permission' ? port.owner : null
    return portFinding('no-permission-daemon', { ...describePermission(device, owner), viaDaemon: true })
  }
  if (/^cannot open/.test(trouble.reason)) return describeOpenFailure(device, trouble.reason, devices)
  const port = await inspectPort(device)
  const isBusy = /^another program/.test(trouble.reason)
  return isBusy ? portFinding('port-busy', { device, ...(port.kind === 'locked' && port.holder) }) : null
}

async function tell(evidence: LineEvidence, base: Facts & { device: string; viaDaemon: boolean }): Promise<Finding[]> {
  const { lastHello, goodLines, badLines, watchedMs, bytes } = evidence
  const heard = { watchedMs, bytes, goodLines, badLines: countBad(badLines) }
  const imageFirmware = lastHello && readImageFirmware()
  const faults = diagnoseLine(evidence, { imageFirmware, isDaemonListening: base.viaDaemon })
  const extra: Facts = { flashCommand: makeFlashCommand(base.device) }
  if (faults.some(({ code }) => code === 'other-speaker')) extra.devices = await listSerialDevices()
  const findings = faults.map(({ code, facts }) =>
    makeFinding('line', code, lineTexts[code], { ...base, ...heard, ...extra, ...facts }),
  )
  if (!lastHello || evidence.speedBaud !== lineSpeedBaud) return findings
  const { boxId, bootNumber, resetCause, firmware, nextSequence, pending, dropped, bad, boxNowMs } = lastHello
  const box = { box: boxId, boot: bootNumber, cause: resetCause, firmware, pressesEver: nextSequence - 1, pending }
  const speaks = { ...base, ...heard, ...box, dropped, bad, upForMs: boxNowMs, hearing: evidence.hearing }
  return [makeFinding('line', 'speaks', lineTexts.speaks, speaks), ...findings]
}
