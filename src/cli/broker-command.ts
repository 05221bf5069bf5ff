import { Command, InvalidArgumentError } from 'commander'
import type { RuleProof } from '../central/broker/check/rules.ts'
import { AppError } from '../shared/errors.ts'
import { randomHex } from '../shared/random-hex.ts'
import { type BrokerToCheck, type CheckOptions, listBrokersToCheck, parseAccount } from './brokers-to-check.ts'

type Result = { url: string; isProven: boolean; error?: string; rules: RuleProof[] }

/** Enough on a line across the country; what was forbidden would have come before. */
const defaultQuietMs = 300
const deadlineMs = 10_000

function parseQuietMs(text: string): number {
  const quietMs = Number(text)
  if (!Number.isInteger(quietMs) || quietMs < 10 || quietMs > 60_000)
    throw new InvalidArgumentError('expected milliseconds from 10 to 60000.')
  return quietMs
}

async function checkOne(broker: BrokerToCheck, quietMs: number): Promise<Result> {
  const { checkBroker } = await import('../central/broker/check/check-broker.ts')
  try {
    const rules = await checkBroker({ ...broker, quietMs, deadlineMs, randomHex })
    return { url: broker.url, isProven: rules.every(({ verdict }) => verdict === 'proven'), rules }
  } catch (error) {
    // One broker that is away says nothing about the next.
    if (!(error instanceof AppError)) throw error
    return { url: broker.url, isProven: false, error: error.message, rules: [] }
  }
}

async function formatResult({ url, error, rules: proofs }: Result): Promise<string> {
  const { rules } = await import('../central/broker/check/rules.ts')
  if (error !== undefined) return `${url}\n  NOT CHECKED  ${error}\n`
  const openRemedy =
    proofs[0]?.verdict === 'broken'
      ? 'mend the first point first'
      : 'give the check a witness account (SMILEPOST_WITNESS); with one, run it again'
  const lines = proofs.flatMap(({ rule, verdict, detail }) => {
    const head = `  ${verdict === 'proven' ? 'proven     ' : 'NOT PROVEN '}  ${rules[rule].promise} (${detail})`
    if (verdict === 'proven') return [head]
    const remedy = verdict === 'open' ? openRemedy : rules[rule].remedy
    return [head, `               what to do: ${remedy}`]
  })
  return [url, ...lines, ''].join('\n')
}

type Options = CheckOptions & { json?: boolean; quietMs: number }

async function check(urls: string[], options: Options, command: Command): Promise<void> {
  const brokers = await listBrokersToCheck(urls, options).catch((error: unknown) => {
    if (error instanceof InvalidArgumentError) command.error(`error: ${error.message}`)
    throw error
  })
  const results: Result[] = []
  for (const broker of brokers) results.push(await checkOne(broker, options.quietMs))
  if (options.json) process.stdout.write(`${JSON.stringify(results)}\n`)
  else for (const result of results) process.stdout.write(await formatResult(result))
  if (results.some(({ isProven }) => !isProven)) process.exitCode = 1
}

const help = `
Needs two accounts with the rights of terminals and, on brokers that swallow what they forbid, a witness that may read and write the
topics of these two. config/mosquitto/ has all three. Real terminals are not touched. Exit code 0: every rule proven on every broker.

The accounts come from --config, from --accounts, or from the environment: SMILEPOST_PROBE_1, SMILEPOST_PROBE_2 and SMILEPOST_WITNESS,
each name:password. A file for --accounts is TOML:
  witness = { username = "smilepost-witness", password = "SECRET" }
  probes = [{ username = "smilepost-probe-1", password = "SECRET" }, { username = "smilepost-probe-2", password = "SECRET" }]
What is typed after --probe and --witness is seen by everyone on this machine and kept by the shell; use it for trials only.

Examples:
  $ smilepost broker check --config /etc/smilepost/central.toml
  $ smilepost broker check mqtts://broker-1.example:8883 --accounts check.toml
  $ (. ./accounts.env; smilepost broker check mqtt://127.0.0.1:1883)        with lines: export SMILEPOST_PROBE_1=smilepost-probe-1:SECRET`

function makeCheckCommand(): Command {
  const collect = (text: string, before: readonly object[] = []) => [...before, parseAccount(text)]
  return new Command('check')
    .description('prove that a broker keeps terminals apart: topic level = user name = client id')
    .argument('[urls...]', 'brokers: mqtt://, mqtts://, ws:// or wss://')
    .option(
      '--config <file>',
      'check every [[broker.external]] of this configuration of the central, with its accounts',
    )
    .option('--accounts <file>', 'TOML file with the accounts of the check; without it they come from the environment')
    .option('--probe <name:password>', 'an account with the rights of a terminal, twice; others see it here', collect)
    .option(
      '--witness <name:password>',
      'an account that may read and write the topics of the probes; others see it here',
      parseAccount,
    )
    .option('--ca <file>', 'PEM certificates that mqtts trusts instead of those of the system')
    .option('--quiet-ms <number>', 'how long to listen for what should not come', parseQuietMs, defaultQuietMs)
    .option('--json', 'print JSON alone')
    .addHelpText('after', help)
    .action(check)
}

export function makeBrokerCommand(): Command {
  return new Command('broker').description('external MQTT brokers').addCommand(makeCheckCommand())
}
