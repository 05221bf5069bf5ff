import { readFileSync } from 'node:fs'
import { ConfigError } from '../../shared/config-file.ts'
import type { SimulatedAccount } from './simulated-uplink.ts'

const namePattern = /^[a-z0-9][a-z0-9-]{0,39}$/

/**
 * Reads terminals and their secrets: CSV with the columns `terminal`, `secret` and optionally `touchpoint`, where it stands.
 *
 * @throws ConfigError naming each faulty line
 */
export function readAccounts(path: string): SimulatedAccount[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new ConfigError(path, [(cause as Error).message])
  }
  const [head = '', ...rows] = text.split(/\r?\n/)
  const columns = head.split(',').map((name) => name.trim())
  const faults = ['terminal', 'secret'].filter((name) => !columns.includes(name)).map((name) => `no column ${name}`)
  const accounts = rows.flatMap((row, i) => {
    if (row.trim() === '' || faults.length > 0) return []
    const cells = row.split(',').map((cell) => cell.trim())
    const cell = (name: string) => cells[columns.indexOf(name)] || null
    const [terminal, secret] = [cell('terminal'), cell('secret')]
    if (terminal === null || secret === null || !namePattern.test(terminal))
      faults.push(`line ${i + 2}: expected a terminal and its secret`)
    return [{ terminal: terminal ?? '', secret: secret ?? '', touchpoint: cell('touchpoint') }]
  })
  if (new Set(accounts.map(({ terminal }) => terminal)).size < accounts.length)
    faults.push('a terminal stands there twice')
  if (accounts.length === 0 && faults.length === 0) faults.push('no terminal')
  if (faults.length > 0) throw new ConfigError(path, faults)
  return accounts
}
