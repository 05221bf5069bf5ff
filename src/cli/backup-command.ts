import { Command, InvalidArgumentError } from 'commander'
import { describeManifest } from './backup/describe-manifest.ts'
import type { Manifest } from './backup/manifest.ts'

type Options = { config?: string; terminal?: string; keep?: number; json?: boolean }

const help = `
Each run adds one folder to <dir>, named after the moment it shows, with the database and a manifest (SHA-256, counts, newest press).
The central goes on working meanwhile. A backup gets its name only once it was read back and compared; none is ever overwritten.
It holds the terminals' secrets as hashes: only its owner may read it. Keep a copy on another machine.

Example:
  $ smilepost backup /var/backups/smilepost --config /etc/smilepost/central.toml
  $ smilepost backup /media/usb-stick --keep 14 --config /etc/smilepost/central.toml

Every hour, from cron, on one box under a counter as in a chain:
  17 * * * *  smilepost backup /var/backups/smilepost --keep 48 --config /etc/smilepost/central.toml

An older backup does no harm: terminals keep what they have delivered for 14 days and send again what a restored central lacks.
Places, questions and terminals that were changed since are not sent again, so back up after changing them.

Of a terminal (--terminal) its outbox is copied: worth it before its card is changed, hardly ever else. What it has delivered is at
the central, and what it has not is newer than any backup. Its terminal.toml holds its secret: keep that apart, readable by you alone.
A restored outbox never writes on under its old name: the daemon draws a fresh epoch at each start (see: smilepost restore --help).`

function parseKeep(text: string): number {
  const keep = Number(text)
  if (!Number.isSafeInteger(keep) || keep < 1) throw new InvalidArgumentError('expected a whole number of at least 1')
  return keep
}

/** Said, but no failure: the presses themselves are what a backup is for. */
function warnOfTallies({ tallies = {} }: Manifest): void {
  const differing = Object.entries(tallies).filter(([, { tallied, stored }]) => tallied < stored)
  for (const [name, { tallied, stored }] of differing) {
    process.stderr.write(
      `warning: ${tallied} presses in ${name} tallies, ${stored} by their rows; see: smilepost rebuild --help\n`,
    )
  }
}

async function backUp(dir: string, options: Options): Promise<void> {
  const { makeBackup } = await import('./backup/make-backup.ts')
  const { showProgress } = await import('./backup/show-progress.ts')
  const { centralSubject, terminalSubject } = await import('./backup/subjects.ts')
  const { config, terminal } = options
  const subject = terminal === undefined ? centralSubject(config) : terminalSubject(terminal)
  const progress = showProgress('copying', 'pages')
  try {
    const made = await makeBackup({ subject, dir, keep: options.keep ?? null, onProgress: progress.set })
    progress.end()
    const { folder, manifest, removed } = made
    warnOfTallies(manifest)
    if (options.json) process.stdout.write(`${JSON.stringify({ folder, manifest, removed })}\n`)
    else process.stdout.write(`${folder}\n${describeManifest(manifest)}\n`)
    if (removed.length > 0 && !options.json) process.stdout.write(`${removed.length} older backups removed\n`)
  } finally {
    progress.end()
  }
}

export function makeBackupCommand(): Command {
  return new Command('backup')
    .description('back up the central while it works, verified')
    .argument('<dir>', 'folder of backups; made when missing')
    .option('--config <file>', 'configuration of the central (TOML)')
    .option('--keep <n>', 'afterwards delete the oldest backups in <dir> beyond n', parseKeep)
    .option('--terminal <file>', 'back up the outbox of this terminal instead (terminal.toml)')
    .option('--json', 'print JSON alone')
    .addHelpText('after', help)
    .action(backUp)
}
