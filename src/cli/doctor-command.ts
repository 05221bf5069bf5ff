import { Command, InvalidArgumentError } from 'commander'
import type { Check, Finding, ShowStep } from './doctor/finding.ts'

type DoctorArguments = { config?: string; device?: string; seconds: number; json?: boolean }

function parseSeconds(text: string): number {
  const seconds = Number(text)
  if (!Number.isInteger(seconds) || seconds < 3 || seconds > 3600)
    throw new InvalidArgumentError('whole seconds, 3 to 3600.')
  return seconds
}

const usualKioskPort = 8082

async function makeChecks({ config: path, device, seconds }: DoctorArguments): Promise<Check[]> {
  const { makeLineCheck } = await import('./doctor/check-line.ts')
  const { systemClock } = await import('../shared/clock.ts')
  const config = path === undefined ? null : await loadConfig(path)
  const line = {
    device: device ?? null,
    configuredDevice: config?.serial.device || null,
    // 0 is drawn at each start: nobody knows where to ask.
    kioskPort: config ? config.kiosk.port || null : usualKioskPort,
    ...{ isConfigured: config !== null, listenMs: seconds * 1000, clock: systemClock },
  }
  return [makeLineCheck(line)]
}

/** The secret often stands in the daemon's environment only, and nothing here needs it. */
async function loadConfig(path: string) {
  const { loadTerminalConfig } = await import('../terminal/config.ts')
  return loadTerminalConfig(path, { SMILEPOST_SECRET: process.env.SMILEPOST_SECRET || 'not-needed' })
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
    .description('look at a terminal and say what is wrong and what to do; changes nothing')
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
