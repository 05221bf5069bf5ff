#!/usr/bin/env node
/**
 * The `smilepost` command: one file a subcommand; what a command needs is loaded when it runs, so that help comes at once.
 * Exit codes: 0 done, 1 failed, 2 wrong usage, 78 wrong configuration.
 */
import { Command, CommanderError } from 'commander'
import { readVersion } from '../shared/package-version.ts'
import { makeBackupCommand } from './backup-command.ts'
import { makeBoxCommand } from './box-command.ts'
import { makeBrokerCommand } from './broker-command.ts'
import { makeCentralCommand } from './central-command.ts'
import { makeDemoCommand } from './demo-command.ts'
import { makeDipsCommand } from './dips-command.ts'
import { makeDoctorCommand } from './doctor-command.ts'
import { exitCodeOf, formatFailure } from './failure.ts'
import { makePlacesCommand } from './places-command.ts'
import { makeRebuildCommand } from './rebuild-command.ts'
import { makeRestoreCommand } from './restore-command.ts'
import { makeSimulateCommand } from './simulate-command.ts'
import { makeTerminalCommand } from './terminal-command.ts'
import { makeTerminalsCommand } from './terminals-command.ts'
import { makeUsersCommand } from './users-command.ts'

/** Makes every command throw instead of exiting, so that one place decides the exit code. */
function throwOnExit(command: Command): void {
  command.exitOverride().showHelpAfterError('(add --help for usage and an example)')
  for (const sub of command.commands) throwOnExit(sub)
}

const program = new Command('smilepost')
  .description('Self-hosted customer satisfaction terminals: no press lost, and the hour of the day that hurts.')
  .version(readVersion())
  .addCommand(makeDemoCommand())
  .addCommand(makeCentralCommand())
  .addCommand(makeTerminalCommand())
  .addCommand(makeDipsCommand())
  .addCommand(makeDoctorCommand())
  .addCommand(makeBoxCommand())
  .addCommand(makePlacesCommand())
  .addCommand(makeTerminalsCommand())
  .addCommand(makeUsersCommand())
  .addCommand(makeBrokerCommand())
  .addCommand(makeBackupCommand())
  .addCommand(makeRestoreCommand())
  .addCommand(makeRebuildCommand())
  .addCommand(makeSimulateCommand())
throwOnExit(program)

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) process.stderr.write(`${formatFailure(error)}\n`)
  process.exitCode = exitCodeOf(error)
}
