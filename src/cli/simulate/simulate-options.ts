import { InvalidArgumentError } from 'commander'
import { isBrokerUrl } from '../../shared/broker-url.ts'
import type { PlanWishes } from './plan-terminal.ts'

export type SimulateOptions = Omit<PlanWishes, 'from'> & {
  config?: string
  broker?: string[]
  accounts?: string
  http?: string
  question: string
  /** Terminals; of an accounts file, its first so many. */
  count: number
  from?: string
  speed: number | 'max'
  minutes: number
  yes?: boolean
  json?: boolean
}

/** @returns a parser of numbers from `least` to `most` for commander */
export function numberFrom(least: number, most: number, isWhole = true): (text: string) => number {
  return (text) => {
    const number = Number(text)
    if (text.trim() === '' || !(number >= least && number <= most) || (isWhole && !Number.isInteger(number)))
      throw new InvalidArgumentError(`expected a ${isWhole ? 'whole ' : ''}number from ${least} to ${most}.`)
    return number
  }
}

export function parseSpeed(text: string): number | 'max' {
  return text === 'max' ? 'max' : numberFrom(1, 100_000, false)(text)
}

export function parseDate(text: string): string {
  const date = new Date(`${text}T00:00:00Z`)
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== text)
    throw new InvalidArgumentError('expected a date such as 2026-10-24.')
  return text
}

export function collectBroker(text: string, before: readonly string[] = []): string[] {
  if (!isBrokerUrl(text)) throw new InvalidArgumentError('expected a URL such as mqtt://127.0.0.1:1883.')
  return [...before, text]
}

const loopback = ['127.0.0.1', '[::1]', 'localhost']
/** A fleet that presses without end is nothing to be let loose on somebody else's broker by a slip of the hand. */
export function findForeign(urls: readonly string[]): string[] {
  return urls.filter((url) => !loopback.includes(new URL(url).hostname))
}
