import { Command } from 'commander'
import type { OpenDatabase } from '../central/store/backup/copy-snapshot.ts'
import { AppError } from '../shared/errors.ts'
import type { Backup } from './backup/backup-folders.ts'
import { describeManifest } from './backup/describe-manifest.ts'
import type { Restored } from './backup/restore-backup.ts'

type Options = { config?: string; terminal?: string; leaveUndelivered?: boolean; json?: boolean }

/** Terminals delete what they delivered longer ago (architecture.md, "Custody"). */
const keptByTerminalsDays = 14
const dayMs = 86_400_000

const help = `
<dir> is one backup, or a folder of them, of which the newest is taken. Stop the central first: a restore refuses while one runs.
The backup is checked before anything changes, and the database before is renamed, never deleted.

Afterwards start the central. Terminals ask it how far it has stored their records, and send by themselves what is newer than the
backup, as far back as they keep it: ${keptByTerminalsDays} days. What none of them has any more stands as missing in the ledger of the terminal.
Places, questions and terminals created after the backup must be created again; restore names such terminals where it can.

Example:
  $ systemctl stop smilepost-central
  $ smilepost restore /var/backups/smilepost --config /etc/smilepost/central.toml
  $ systemctl start smilepost-central

Of a terminal (--terminal, its daemon stopped): what its outbox held undelivered would stay behind in the renamed file, so a restore
refuses while there is any. The daemon begins a fresh epoch at each start, so that a restored outbox never gives an old key to a new
press; what of it is at the central already is recognised there and not counted again.`

/** What people must know or do about what the backup lacks. */
function describeGap({ manifest }: Backup, { notes }: Restored, nowMs: number): string[] {
  const lines = notes.map((terminal) => `${terminal} was created after the backup: create and place it again`)
  const ageDays = Math.floor((nowMs - manifest.atMs) / dayMs)
  if (manifest.of === 'central' && ageDays >= keptByTerminalsDays) {
    lines.push(
      `The backup is ${ageDays} days old and terminals keep ${keptByTerminalsDays}: what lies between can't be had back; ledgers show it as missing.`,
    )
  }
  return lines
}

function tell(backup: Backup, restored: Restored, json: boolean | undefined): void {
  const gap = describeGap(backup, restored, Date.now())
  const { path, aside } = restored
  if (json) {
    const terminals = backup.manifest.of === 'central' ? restored.notes : []
    process.stdout.write(`${JSON.stringify({ from: backup.folder, path, aside, unknownTerminals: terminals })}\n`)
    return
  }
  const next =
    backup.manifest.of === 'central'
      ? `Start the central now: terminals send what is newer than the backup by themselves, up to ${keptByTerminalsDays} days back.`
      : 'Start the daemon now: it begins a fresh epoch, and the central tells it what it has stored already.'
  const lines = [
    `restored ${backup.folder}: ${describeManifest(backup.manifest)}`,
    ...(aside === null ? [] : [`the database before is kept as ${aside}`]),
    ...gap,
    next,
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}

async function restoreCentral(dir: string, { config }: Options): Promise<{ backup: Backup; restored: Restored }> {
  const { adoptRestored } = await import('../central/store/backup/adopt-restored.ts')
  const { holdDataFolder } = await import('../central/store/backup/hold-data-folder.ts')
  const { findBackup } = await import('./backup/backup-folders.ts')
  const { restoreBackup } = await import('./backup/restore-backup.ts')
  const { centralSubject } = await import('./backup/subjects.ts')
  const subject = centralSubject(config)
  const backup = findBackup(dir, 'central')
  const hold = holdDataFolder(subject.folder, 0)
  try {
    return { backup, restored: await restoreBackup({ subject, backup, nowMs: Date.now(), adopt: adoptRestored }) }
  } finally {
    hold.release()
  }
}

async function restoreTerminal(
  dir: string,
  terminal: string,
  leaveUndelivered: boolean,
): Promise<{ backup: Backup; restored: Restored }> {
  const { findBackup } = await import('./backup/backup-folders.ts')
  const { restoreBackup } = await import('./backup/restore-backup.ts')
  const { countUndelivered, terminalSubject } = await import('./backup/subjects.ts')
  const subject = terminalSubject(terminal)
  const backup = findBackup(dir, 'terminal')
  const adopt = (_: OpenDatabase, present: OpenDatabase | null): string[] => {
    const undelivered = present && !leaveUndelivered ? countUndelivered(present) : 0
    if (undelivered === 0) return []
    throw new AppError(
      'backup-failed',
      `${subject.path}: ${undelivered} records are undelivered and would stay behind; let it deliver them first, or give --leave-undelivered`,
    )
  }
  return { backup, restored: await restoreBackup({ subject, backup, nowMs: Date.now(), adopt }) }
}

async function restore(dir: string, options: Options): Promise<void> {
  const { terminal, leaveUndelivered = false } = options
  const { backup, restored } =
    terminal === undefined ? await restoreCentral(dir, options) : await restoreTerminal(dir, terminal, leaveUndelivered)
  tell(backup, restored, options.json)
}

export function makeRestoreCommand(): Command {
  return new Command('restore')
    .description('put a backup in the place of the database of a stopped central')
    .argument('<dir>', 'a backup, or a folder of backups')
    .option('--config <file>', 'configuration of the central (TOML)')
    .option('--terminal <file>', 'restore the outbox of this terminal instead (terminal.toml)')
    .option('--leave-undelivered', 'with --terminal: also over an outbox that holds undelivered records')
    .option('--json', 'print JSON alone')
    .addHelpText('after', help)
    .action(restore)
}
