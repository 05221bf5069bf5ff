/** Mosquitto from Debian, run from the project's own `config/mosquitto/`, on a free port of this machine. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatPasswordLine } from '../../src/cli/mosquitto-passwords.ts'
import { takePort } from './take-port.ts'

/** Debian keeps it where ordinary users' PATH does not look. */
const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` }
const project = join(import.meta.dirname, '../../config/mosquitto')

export type Mosquitto = {
  folder: string
  /** With TLS `mqtts`, else `mqtt`. */
  url: string
  port: number
  /** The file that `smilepost terminals create --mosquitto-passwd` writes to. */
  passwords: string
  addUser(username: string, password: string): void
  /** Reads the password and ACL files again, as `systemctl reload mosquitto` does. */
  reload(): void
  start(): Promise<void>
  /** SIGKILL: no goodbyes, no wills. */
  kill(): Promise<void>
  log(): string
  /** Of the running process. */
  pid(): number
  close(): Promise<void>
}
export type MosquittoOptions = {
  users?: Record<string, string>
  /** Turns the project's file into another one. */
  change?: (config: string) => string
  acl?: (acl: string) => string
  /** Uses the file's TLS listener; the folder must hold ca.pem, broker.pem and broker.key before the start. */
  tls?: (folder: string) => void
}

/** Without it these tests are left out on a developer's machine, loudly, and fail where CI=true. */
export function hasMosquitto(): boolean {
  if (spawnSync('mosquitto', ['-h'], { stdio: 'ignore', env }).error === undefined) return true
  const text = 'mosquitto is not installed: no test of an external broker (apt-get install mosquitto)'
  if (process.env.CI === 'true') throw new Error(text)
  process.stderr.write(`\n*** ${text} ***\n\n`)
  return false
}

/** The project's file with this folder's paths and free ports; every place that is replaced must be there. */
function makeConfig(folder: string, ports: { plain: number; tls?: number }): string {
  const replace = (text: string, from: string, to: string) => {
    if (!text.includes(from)) throw new Error(`config/mosquitto/mosquitto.conf no longer has: ${from}`)
    return text.replaceAll(from, to)
  }
  let text = readFileSync(join(project, 'mosquitto.conf'), 'utf8')
  if (ports.tls !== undefined) {
    const block = text.slice(text.indexOf('# listener 8883'), text.indexOf('allow_anonymous'))
    const active = replace(block.replaceAll(/^# /gm, ''), 'listener 8883', `listener ${ports.tls} 127.0.0.1`)
    text = replace(text, block, active)
  }
  text = replace(text, 'listener 1883 127.0.0.1', `listener ${ports.plain} 127.0.0.1`)
  // Started by root it would give up its rights, and with them the test's folder.
  return `${replace(text, '/etc/mosquitto/smilepost', folder)}\nuser root\n`
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  const isOpen = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
  })
  socket.destroy()
  return isOpen
}

export async function openMosquitto({ users = {}, change, acl, tls }: MosquittoOptions = {}): Promise<Mosquitto> {
  const folder = mkdtempSync(join(tmpdir(), 'smilepost-mosquitto-'))
  const port = await takePort()
  const passwords = join(folder, 'passwords')
  const config = makeConfig(folder, tls ? { plain: await takePort(), tls: port } : { plain: port })
  writeFileSync(join(folder, 'mosquitto.conf'), change ? change(config) : config)
  const projectAcl = readFileSync(join(project, 'acl'), 'utf8')
  writeFileSync(join(folder, 'acl'), acl ? acl(projectAcl) : projectAcl)
  writeFileSync(passwords, '')
  tls?.(folder)
  const addUser = (username: string, password: string) =>
    appendFileSync(passwords, `${formatPasswordLine(username, password)}\n`)
  for (const [username, password] of Object.entries(users)) addUser(username, password)

  let child: ChildProcess | null = null
  let log = ''
  async function start(): Promise<void> {
    const started = spawn('mosquitto', ['-c', join(folder, 'mosquitto.conf')], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    child = started
    started.stderr?.on('data', (text) => {
      log += text
    })
    for (let i = 0; !(await isListening(port)); i += 1) {
      if (started.exitCode !== null || i > 500) throw new Error(`mosquitto does not listen:\n${log}`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
  async function kill(): Promise<void> {
    const running = child
    child = null
    if (!running || running.exitCode !== null || running.signalCode !== null) return
    const gone = once(running, 'exit')
    running.kill('SIGKILL')
    await gone
  }
  try {
    await start()
  } catch (error) {
    await kill()
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
  return {
    ...{ folder, port, passwords, addUser, start, kill },
    url: `${tls ? 'mqtts' : 'mqtt'}://127.0.0.1:${port}`,
    reload: () => void child?.kill('SIGHUP'),
    log: () => log,
    pid: () => child?.pid ?? 0,
    async close() {
      await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
