import { Command, InvalidArgumentError } from 'commander'
import type { ExamineOptions } from './doctor/examine-terminal.ts'
import type { ShowStep } from './doctor/finding.ts'

type DoctorArguments = ExamineOptions & { json?: boolean }

function parseSeconds(text: string): number {
  const seconds = Number(text)
  if (!Number.isInteger(seconds) || seconds < 3 || seconds > 3600)
    throw new InvalidArgumentError('whole seconds, 3 to 3600.')
  return seconds
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
  const { examineTerminal } = await import('./doctor/examine-terminal.ts')
  const display = makeStepDisplay()
  const findings = await examineTerminal(options, process.env, display.show).finally(display.clear)
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
