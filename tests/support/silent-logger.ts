import type { Logger } from '../../src/shared/logger.ts'

const ignore = () => {}

/** For tests of rooms whose log is not their promise. */
export const silentLogger: Logger = {
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
  child: () => silentLogger,
}
