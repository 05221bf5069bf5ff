import { systemClock } from '../../shared/clock.ts'
import { makeBrokerCheck } from './check-broker.ts'
import { makeClockCheck } from './check-clock.ts'
import { makeCustodyCheck } from './check-custody.ts'
import { makeDiskCheck } from './check-disk.ts'
import { makeLineCheck } from './check-line.ts'
import { makeOutboxCheck } from './check-outbox.ts'
import type { Check, Finding, ShowStep } from './finding.ts'
import { noteBox, openScene } from './open-scene.ts'
import type { Scene } from './scene.ts'

export type ExamineOptions = {
  /** File of the terminal's configuration; without one the daemon on the usual port is asked. */
  config?: string
  /** Serial device to look at instead of the configured one. */
  device?: string
  /** How long to listen to the line. */
  seconds: number
}

/**
 * Looks at everything a terminal depends on.
 *
 * @throws ConfigError
 */
export async function examineTerminal(
  options: ExamineOptions,
  environment: { SMILEPOST_SECRET?: string | undefined },
  showStep: ShowStep,
): Promise<Finding[]> {
  const scene = await openScene(options.config, environment)
  const makers = [makeDiskCheck, makeOutboxCheck, makeBrokerCheck, makeCustodyCheck, makeClockCheck]
  // What the box says of itself belongs into the account of presses.
  const findings = noteBox(scene, await makeLine(options, scene).run(showStep))
  for (const make of makers) findings.push(...(await make(scene).run(showStep)))
  return findings
}

function makeLine({ device, seconds }: ExamineOptions, { config, daemon }: Scene): Check {
  return makeLineCheck({
    device: device ?? null,
    configuredDevice: config?.serial.device || null,
    kioskPort: daemon.port,
    ...{ isConfigured: config !== null, listenMs: seconds * 1000, clock: systemClock },
  })
}
