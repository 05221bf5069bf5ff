import { listSerialDevices, type SerialDevice } from '../../../firmware-bridge/serial/diagnose-devices.ts'
import {
  countBad,
  diagnoseLine,
  type LineEvidence,
  lineSpeedBaud,
} from '../../../firmware-bridge/serial/diagnose-line.ts'
import type { PortState } from '../../../firmware-bridge/serial/diagnose-port.ts'
import { AppError } from '../../shared/errors.ts'
import { type Facts, type Finding, makeFinding } from './finding.ts'
import { makeFlashCommand, readImageFirmware } from './image-firmware.ts'
import { lineTexts } from './line-texts.ts'
import { describePermission, isDaemonCommand } from './port-facts.ts'
import { portTexts } from './port-texts.ts'

export function makePortFinding(code: keyof typeof portTexts, facts: Facts): Finding {
  return makeFinding('line', code, portTexts[code], facts)
}

/** Why a device is not opened. */
export async function describePort(
  port: Exclude<PortState, { kind: 'free' }>,
  device: string,
  kioskPort: number | null,
): Promise<Finding> {
  if (port.kind === 'no-permission') return makePortFinding('no-permission', describePermission(device, port.owner))
  if (port.kind === 'locked') {
    const isOurs = isDaemonCommand(port.holder.command)
    return makePortFinding(isOurs ? 'daemon-silent' : 'port-busy', { device, port: kioskPort, ...port.holder })
  }
  const devices = await listSerialDevices()
  if (port.kind === 'missing') return makePortFinding('no-device', { device, devices })
  return makePortFinding('not-serial', { device, is: port.is, devices })
}

/** Why opening a device failed, or what became of it. */
export function describeOpenFailure(device: string, error: unknown, devices: SerialDevice[]): Finding {
  const text = error instanceof Error ? error.message : String(error)
  if (error instanceof AppError && error.code === 'box-port-busy') return makePortFinding('port-busy', { device })
  if (/inappropriate ioctl/i.test(text)) return makePortFinding('not-serial', { device, is: 'other', devices })
  return makePortFinding('open-failed', { device, error: text, devices })
}

/** What the evidence says, after the box itself where it was heard. */
export async function describeLine(
  evidence: LineEvidence,
  base: Facts & { device: string; viaDaemon: boolean },
): Promise<Finding[]> {
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
