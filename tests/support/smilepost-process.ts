/** The built `smilepost` command as a process of its own, as a service manager or a person would start it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')
const command = join(root, 'dist/src/cli/smilepost.js')

export type SmilepostProcess = {
  /** Resolves with the match once stdout holds one; fails when the process ends first. */
  waitForOutput(pattern: RegExp, deadlineMs?: number): Promise<RegExpExecArray>
  output(): { stdout: string; stderr: string }
  pid: number
  write(text: string): void
  /** Sends a signal and resolves with the exit code, or the signal's name, once the process is gone. */
  end(signal: NodeJS.Signals): Promise<number | string>
  exited: Promise<number | string>
}

export function startSmilepost(args: string[], env: Record<string, string> = {}): SmilepostProcess {
  if (!existsSync(command)) throw new Error('dist/ is missing: npm run build')
  const child: ChildProcess = spawn(process.execPath, [command, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: 'pipe',
  })
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (text) => {
    stdout += text
  })
  child.stderr?.on('data', (text) => {
    stderr += text
  })
  const exited = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string)
  let isGone = false
  void exited.then(() => {
    isGone = true
  })
  return {
    exited,
    pid: child.pid ?? 0,
    output: () => ({ stdout, stderr }),
    write: (text) => void child.stdin?.write(text),
    async waitForOutput(pattern, deadlineMs = 60_000) {
      return waitFor(`${pattern} from smilepost ${args[0]}`, deadlineMs, () => {
        const match = pattern.exec(stdout)
        if (!match && isGone) throw new Error(`smilepost ${args.join(' ')} ended early:\n${stdout}${stderr}`)
        return match
      })
    },
    async end(signal) {
      if (!isGone) child.kill(signal)
      return exited
    },
  }
}

type Falsy = false | null | undefined | 0 | ''

/** Polls until `read` gives something truthy. */
export async function waitFor<T>(
  what: string,
  deadlineMs: number,
  read: () => T | Promise<T>,
): Promise<Exclude<T, Falsy>> {
  const endMs = Date.now() + deadlineMs
  for (;;) {
    const value = await read()
    if (value) return value as Exclude<T, Falsy>
    if (Date.now() > endMs) throw new Error(`waited ${deadlineMs} ms in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Runs a command to its end. */
export async function runSmilepost(
  args: string[],
  env?: Record<string, string>,
): Promise<{ code: number | string; stdout: string; stderr: string }> {
  const running = startSmilepost(args, env)
  const code = await running.exited
  return { code, ...running.output() }
}
