/** The dip report of presses and terminals given as texts, with what was printed on the way. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AskedPeriod } from '../../../src/cli/dips/choose-period.ts'
import type { DipFileReport } from '../../../src/cli/dips/dip-file-report.ts'
import { makeFaultLog } from '../../../src/cli/dips/fault-log.ts'
import { openInput } from '../../../src/cli/dips/open-input.ts'
import { runDips } from '../../../src/cli/dips/run-dips.ts'

type Asked = AskedPeriod & { fdr?: number; language?: string; isStrict?: boolean; withMisuse?: boolean }

/** Messages name the files `presses.csv` and `terminals.csv`. */
export async function reportOf(
  presses: string | Buffer,
  terminals: string,
  { fdr = 0.05, language = 'en', isStrict = false, withMisuse = false, ...period }: Asked = {},
): Promise<{ report: Omit<DipFileReport, 'timing'>; printed: string[]; faults: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'smilepost-report-of-'))
  const open = (name: string, content: string | Buffer) => {
    writeFileSync(join(folder, name), content)
    return { ...openInput(join(folder, name)), name }
  }
  const printed: string[] = []
  const faults = makeFaultLog('presses.csv', isStrict, (line) => printed.push(line))
  try {
    const inputs = { presses: open('presses.csv', presses), terminals: open('terminals.csv', terminals) }
    let ms = 0
    const clock = { wallMs: () => 0, monoMs: () => ms++ }
    const run = { ...inputs, period, fdr, language, withMisuse, faults, clock, onProgress: () => {} }
    const { timing: _, ...report } = await runDips(run)
    return { report, printed, faults: faults.summary() }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
