/**
 * Every way in which the world outside a Smilepost program can fail it. One list, so that a log reader and the
 * documentation find each code in one place. Bad input from a wire is not here: it is a value, counted by reason.
 */
export type AppErrorCode =
  | 'box-port-missing'
  | 'box-port-failed'
  | 'box-port-busy'
  | 'database-failed'
  | 'database-too-new'
  | 'config-invalid'
  | 'address-taken'
  | 'address-refused'
  | 'broker-unreachable'
  | 'simulator-image'
  | 'simulator-device'
  | 'simulator-file'
  | 'stop-deadline'
  | 'bad-name'
  | 'terminal-exists'
  | 'unknown-touchpoint'
  | 'account-refused'
  | 'central-gone'
  | 'bad-request'
  | 'file-failed'
  | 'central-running'
  | 'backup-failed'
  | 'backup-damaged'

/** A failing outside world: carries a code for programs and a sentence for people. */
export class AppError extends Error {
  readonly code: AppErrorCode

  constructor(code: AppErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'AppError'
    this.code = code
  }
}
