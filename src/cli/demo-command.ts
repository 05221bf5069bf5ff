import { Command, InvalidArgumentError } from 'commander'
import { watchKeys } from './demo/watch-keys.ts'
import { runUntilStopped } from './run-until-stopped.ts'

function parseSeed(text: string): number {
  const seed = Number(text)
  if (!Number.isInteger(seed) || seed < 0) throw new InvalidArgumentError('a seed is a whole number from 0.')
  return seed
}

export function makeDemoCommand(): Command {
  return new Command('demo')
    .description('show the whole road on this machine: twelve shops with ten weeks of presses and one live terminal')
    .option('--seed <number>', 'another history', parseSeed, 1)
    .addHelpText(
      'after',
      '\nExample:\n  $ smilepost demo\nKeys 1–4 press the simulated box; Ctrl-C ends everything and leaves nothing behind.',
    )
    .action(async ({ seed }: { seed: number }) => {
      const { openDemo } = await import('./demo/open-demo.ts')
      const aborted = new AbortController()
      const abort = () => aborted.abort()
      process.once('SIGINT', abort)
      process.once('SIGTERM', abort)
      const print = (line: string) => process.stdout.write(`${line}\n`)
      const demo = await openDemo({ seed, signal: aborted.signal, print }).finally(() => {
        process.off('SIGINT', abort)
        process.off('SIGTERM', abort)
      })
      if (!demo) return
      const keys = watchKeys(process.stdin, demo.press)
      await runUntilStopped({
        stop: async () => {
          keys.close()
          await demo.close()
        },
      })
    })
}
