import { styleText } from 'node:util'
import type { Finding, FindingStatus } from './finding.ts'

const words: Record<FindingStatus, string> = { ok: 'OK', warn: 'WARN', fail: 'FAIL' }
const colours = { ok: 'green', warn: 'yellow', fail: 'red' } as const
const indent = 6

export type PrintOptions = { columns: number; isColoured: boolean }

/** Findings for a person: a word, a sentence, and what to do. Colour is never the only sign. */
export function formatFindings(findings: readonly Finding[], { columns, isColoured }: PrintOptions): string {
  const width = Math.max(40, Math.min(columns, 100)) - indent
  const blocks = findings.map(({ status, what, do: advice }) => {
    const word = words[status].padEnd(indent)
    const shown = isColoured ? styleText(colours[status], word) : word
    const lines = [...wrap(what, width), ...(advice === null ? [] : wrap(`Do: ${advice}`, width))]
    return shown + lines.join(`\n${' '.repeat(indent)}`)
  })
  return `${[...blocks, formatSum(findings)].join('\n\n')}\n`
}

function formatSum(findings: readonly Finding[]): string {
  const count = (status: FindingStatus) => findings.filter((finding) => finding.status === status).length
  const [fails, warns] = [count('fail'), count('warn')]
  if (fails + warns === 0) return 'All is well.'
  const parts = [fails > 0 && `${fails} to repair`, warns > 0 && `${warns} to look at`].filter(Boolean)
  return `${parts.join(', ')}.`
}

/** Breaks between words; a word that is longer than a line, such as a path, stays whole. A line break in the text stays. */
function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines = ['']
    for (const word of paragraph.split(' ')) {
      const line = lines.at(-1) ?? ''
      if (line === '') lines[lines.length - 1] = word
      else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`
      else lines.push(word)
    }
    return lines
  })
}

export function formatFindingsJson(findings: readonly Finding[]): string {
  return `${JSON.stringify({ status: worst(findings), findings }, null, 2)}\n`
}

export function worst(findings: readonly Finding[]): FindingStatus {
  const has = (status: FindingStatus) => findings.some((finding) => finding.status === status)
  if (has('fail')) return 'fail'
  return has('warn') ? 'warn' : 'ok'
}
