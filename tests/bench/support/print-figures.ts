import { availableParallelism, cpus, loadavg } from 'node:os'

export type Figure = {
  what: string
  value: number
  unit: string
  /** The same by the reference of this run; ratios say more than figures, which depend on the machine. */
  ratio?: number
  /** What the ratio is to. */
  to?: string
  /** As asked for by whoever set the goal: `<= 1.5`, `>= 100000`. */
  goal?: string
}

function formatValue(value: number): string {
  if (Math.abs(value) >= 1_000) return Math.round(value).toLocaleString('en')
  return value.toFixed(Math.abs(value) >= 100 ? 0 : 2)
}

/** Prints the figures of a benchmark as a table or, where the command line says `--json`, as one JSON object on a line. */
export function printFigures(bench: string, figures: readonly Figure[]): void {
  const machine = { cores: availableParallelism(), cpu: cpus()[0]?.model ?? '', load: loadavg()[0] ?? 0 }
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify({ bench, node: process.version, ...machine, figures }))
    return
  }
  const header = ['', 'figure', '', 'ratio', '', 'goal']
  const lines = [
    header,
    ...figures.map(({ what, value, unit, ratio, to = '', goal = '' }) => [
      ...[what, formatValue(value), unit],
      ...[ratio === undefined ? '' : formatValue(ratio), to, goal],
    ]),
  ]
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  const isNumber = (column: number) => column === 1 || column === 3
  for (const line of lines) {
    const cells = line.map((cell, i) => (isNumber(i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
    console.log(cells.join('  ').trimEnd())
  }
  console.log(`(load of this machine's ${machine.cores} cores in the last minute: ${machine.load.toFixed(1)})`)
}
