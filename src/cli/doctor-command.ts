import { Command, InvalidArgumentError } from 'commander'
import type { Check, Finding, ShowStep } from './doctor/finding.ts'

type DoctorArguments = { config?: string; device?: string; seconds: number; json?: boolean }

function parseSeconds(text: string): number {
  const seconds = Number(text)
  if (!Number.isInteger(seconds) || seconds < 3 || seconds > 3600)
    throw new InvalidArgumentError('whole seconds, 3 to 3600.')
  return seconds
}

/** The line first: what the box says of itself belongs into the account of presses. */
async function makeChecks({ config: path, device, seconds }: DoctorArguments): Promise<Check[]> {
  const { makeLineCheck } = await import('./doctor/check-line.ts')
  const { systemClock } = await import('../shared/clock.ts')
  const { openScene, noteBox } = await import('./doctor/open-scene.ts')
  const scene = await openScene(path)
  const { config, daemon } = scene
  const line = makeLineCheck({
    device: device ?? null,
    configuredDevice: config?.serial.device || null,
    kioskPort: daemon.port,
    ...{ isConfigured: config !== null, listenMs: seconds * 1000, clock: systemClock },
  })
  const { makeDiskCheck } = await import('./doctor/check-disk.ts')
  const { makeOutboxCheck } = await import('./doctor/check-outbox.ts')
  const { makeBrokerCheck } = await import('./doctor/check-broker.ts')
  const { makeCustodyCheck } = await import('./doctor/check-custody.ts')
  const { makeClockCheck } = await import('./doctor/check-clock.ts')
  return [
    { ...line, run: (showStep) => line.run(showStep).then((findings) => noteBox(scene, findings)) },
    ...[makeDiskCheck, makeOutboxCheck, makeBrokerCheck, makeCustodyCheck, makeClockCheck].map((make) => make(scene)),
  ]
}

async function runChecks(checks: readonly Check[], showStep: ShowStep): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const { run } of checks) findings.push(...(await run(showStep)))
  return findings
}

/** On a screen alone, and gone when the findings come. */
function makeStepDisplay(): { show: ShowStep; clear: () => void } {
  const { stderr } = process
  if (!stderr.isTTY) return { show: () => {}, clear: () => {} }
  const clear = () => void stderr.write('\r\u001b[2K')
  return {
    clear,
    show(step) {
      clear()
      stderr.write(`${step} …`)
    },
  }
}

async function examine(options: DoctorArguments): Promise<void> {
  const { formatFindings, formatFindingsJson, worst } = await import('./doctor/print-findings.ts')
  const checks = await makeChecks(options)
  const display = makeStepDisplay()
  const findings = await runChecks(checks, display.show).finally(display.clear)
  const { stdout } = process
  const isColoured = stdout.isTTY === true && !process.env.NO_COLOR
  const shape = { columns: stdout.columns || 100, isColoured }
  stdout.write(options.json ? formatFindingsJson(findings) : formatFindings(findings, shape))
  if (worst(findings) === 'fail') process.exitCode = 1
}

export function makeDoctorCommand(): Command {
  return new Command('doctor')
    .description(
      'look at a terminal and say what is wrong and what to do, with the account of its presses; changes nothing',
    )
    .option('--config <file>', "the terminal's configuration (TOML)")
    .option('--device <path>', 'serial device to look at, instead of the configured one')
    .option('--seconds <number>', 'how long to listen', parseSeconds, 4)
    .option('--json', 'print JSON alone')
    .addHelpText(
      'after',
      '\nExample:\n  $ smilepost doctor --config /etc/smilepost/terminal.toml\n\nExit code 1 when something has to be repaired. A daemon that runs is asked, not disturbed.',
    )
    .action(examine)
}
