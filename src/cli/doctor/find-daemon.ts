import { readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { Check } from 'typebox/value'
import { DaemonState } from '../../contracts/http/kiosk.ts'
import type { TerminalConfig } from '../../terminal/config.ts'
import { kioskUrlFile } from '../../terminal/tell-kiosk-url.ts'
import { askJson } from './ask-daemon.ts'
import { findSqliteUser } from './find-sqlite-user.ts'

/** `silent`: a process has the outbox open, and no daemon answers where it should; its id where the kernel tells. */
export type FoundDaemon =
  | { kind: 'running'; port: number; state: DaemonState }
  | { kind: 'silent'; port: number | null; pid: number }
  | { kind: 'stopped'; port: number | null }

const usualKioskPort = 8082

/**
 * Looks for the daemon of a configuration, or without one for that of this machine.
 *
 * Two programs under one terminal's name push each other off the broker, so before doctor speaks in the daemon's stead it has to be
 * sure that there is none: it neither answers, nor does anybody have its database open.
 */
export async function findDaemon(config: TerminalConfig | null): Promise<FoundDaemon> {
  const port = config ? config.kiosk.port || readDrawnPort(config.terminal.data) : usualKioskPort
  const state = port === null ? null : await askDaemonState(port)
  if (port !== null && state && (!config || isSame(state, config))) return { kind: 'running', port, state }
  const pid = config && (await findSqliteUser(join(config.terminal.data, 'outbox.sqlite')))
  return pid ? { kind: 'silent', port, pid } : { kind: 'stopped', port }
}

async function askDaemonState(port: number): Promise<DaemonState | null> {
  const state = await askJson(port, '/api/daemon')
  return Check(DaemonState, state) ? state : null
}

function readDrawnPort(dataFolder: string): number | null {
  try {
    return Number(new URL(readFileSync(kioskUrlFile(dataFolder), 'utf8')).port) || null
  } catch {
    return null
  }
}

function isSame(state: DaemonState, { terminal }: TerminalConfig): boolean {
  return state.terminal === terminal.id && resolveLink(state.data) === resolveLink(terminal.data)
}

function resolveLink(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
