import { ConfigError } from '../../shared/config-file.ts'
import { loadTerminalConfig, type TerminalConfig } from '../../terminal/config.ts'
import { findDaemon } from './find-daemon.ts'
import type { Finding } from './finding.ts'
import type { Scene } from './scene.ts'

type Environment = { SMILEPOST_SECRET?: string | undefined }

/** @throws ConfigError */
export async function openScene(path: string | undefined, environment: Environment): Promise<Scene> {
  const { config, hasSecret } = path === undefined ? { config: null, hasSecret: false } : loadConfig(path, environment)
  const daemon = await findDaemon(config)
  const dataFolder = config?.terminal.data ?? (daemon.kind === 'running' ? daemon.state.data : null)
  return { config, hasSecret, daemon, dataFolder, answer: null, account: null, box: null }
}

/** The secret often stands in the daemon's environment only; without it everything but the broker can be looked at. */
function loadConfig(path: string, environment: Environment): { config: TerminalConfig; hasSecret: boolean } {
  try {
    return { config: loadTerminalConfig(path, environment), hasSecret: true }
  } catch (error) {
    const isSecretMissing =
      error instanceof ConfigError && error.faults.some((fault) => fault.startsWith('terminal.secret: missing'))
    if (!isSecretMissing) throw error
    return { config: loadTerminalConfig(path, { SMILEPOST_SECRET: 'not-needed' }), hasSecret: false }
  }
}

/** Keeps what the line's check has heard of the box. */
export function noteBox(scene: Scene, findings: Finding[]): Finding[] {
  const { box, pressesEver, pending } = findings.find(({ code }) => code === 'speaks')?.facts ?? {}
  if (typeof box === 'string') scene.box = { id: box, pressesEver: Number(pressesEver), pending: Number(pending) }
  return findings
}
