import { CommanderError } from 'commander'
import { AppError } from '../shared/errors.ts'

/** sysexits.h EX_CONFIG, so that a service manager can tell a wrong configuration from a crash. */
const wrongConfiguration = 78

const isWrongConfiguration = (error: unknown): error is AppError =>
  error instanceof AppError && error.code === 'config-invalid'

/** @returns the exit code of contracts: 0 help or version asked for, 1 failed, 2 wrong usage, 78 wrong configuration */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  return isWrongConfiguration(error) ? wrongConfiguration : 1
}

/** One line a fault; a stack only for what is our own mistake. */
export function formatFailure(error: unknown): string {
  if (isWrongConfiguration(error)) return error.message
  if (error instanceof AppError) return `smilepost: ${error.message}`
  return `smilepost: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
}
