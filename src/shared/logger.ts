import { pino } from 'pino'

/** Structured log: one JSON object a line. Rooms get a child with their name. */
export type Logger = {
  debug(fields: object, text: string): void
  info(fields: object, text: string): void
  warn(fields: object, text: string): void
  error(fields: object, text: string): void
  child(fields: Record<string, unknown>): Logger
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/** @param destination file descriptor; stderr keeps stdout free for what a program prints for its user */
export function makeLogger(level: LogLevel, destination = 2): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(destination))
}
