/** The demo's central: a process of its own, as in a shop's server room, forked so that it ends with the demo. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { DipReport } from '../../contracts/http/dips.ts'
import { AppError } from '../../shared/errors.ts'
import { findPackageRoot } from '../../shared/package-root.ts'

export type DemoCentral = {
  httpUrl: string
  brokerUrl: string
  waitUntilReady(): Promise<void>
  waitUntilLabelled(): Promise<void>
  /** Until dips were looked for in all that was labelled. */
  waitUntilLookedAt(): Promise<void>
  close(): Promise<void>
}
export type DemoPorts = { http: number; broker: number }

const stopDeadlineMs = 5_000

/** @returns the central's configuration as TOML */
export function makeDemoConfig(folder: string, ports: DemoPorts): string {
  return [
    `data = ${JSON.stringify(join(folder, 'central'))}`,
    '[http]',
    `port = ${ports.http}`,
    '[broker]',
    `port = ${ports.broker}`,
    '[log]',
    'level = "warn"',
    '',
  ].join('\n')
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), stopDeadlineMs)
  await exited
  clearTimeout(timer)
}

/** Polls until `isTrue`; fails at once when the central has gone. */
async function waitFor(
  child: ChildProcess,
  deadlineMs: number,
  what: string,
  isTrue: () => Promise<boolean>,
): Promise<void> {
  const endMs = Date.now() + deadlineMs
  while (!(await isTrue().catch(() => false))) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new AppError('central-gone', 'the central of the demo has stopped; its messages stand above')
    if (Date.now() > endMs) throw new AppError('central-gone', `${what} took longer than ${deadlineMs / 1000} s`)
    await delay(100)
  }
}

/**
 * @param folder where its database is, already holding the demo's places and terminals
 * @param onGone called when it ends without having been asked to
 */
export function startDemoCentral(folder: string, ports: DemoPorts, config: string, onGone: () => void): DemoCentral {
  const configPath = join(folder, 'central.toml')
  writeFileSync(configPath, config)
  const command = join(findPackageRoot(import.meta.url), 'dist/src/cli/smilepost.js')
  const child = fork(command, ['central', '--config', configPath], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // A group of its own, so that Ctrl-C reaches the demo alone, which stops it in order. It ends by itself when the demo is killed.
    detached: true,
  })
  child.once('exit', onGone)
  const httpUrl = `http://127.0.0.1:${ports.http}`
  const isOk = async (path: string) => (await fetch(httpUrl + path)).ok
  return {
    httpUrl,
    brokerUrl: `mqtt://127.0.0.1:${ports.broker}`,
    waitUntilReady: () => waitFor(child, 20_000, 'the start of the central', () => isOk('/readyz')),
    waitUntilLabelled: () =>
      waitFor(child, 60_000, 'labelling the history', async () => {
        const metrics = await (await fetch(`${httpUrl}/metrics`)).text()
        return /^smilepost_labels_dirty_hours 0$/m.test(metrics)
      }),
    waitUntilLookedAt: () =>
      waitFor(child, 120_000, 'looking for dips', async () => {
        const { night } = (await (await fetch(`${httpUrl}/api/v1/dips`)).json()) as DipReport
        return night !== null
      }),
    close() {
      child.off('exit', onGone)
      return stopChild(child)
    },
  }
}
