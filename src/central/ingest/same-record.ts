import type { TerminalRecord } from '../../contracts/records.ts'

/**
 * What makes two records the same (architecture.md, "Custody"): kind, boot, monoMs and the content. The wall clock as read, spread and
 * flags are information and may be salvaged differently.
 */
function contentOf(record: TerminalRecord): unknown[] {
  const common = [record.kind, record.boot, record.monoMs]
  switch (record.kind) {
    case 'press': {
      const origin = record.source === 'box' ? [record.box, record.boxSeq] : [record.touchId]
      return [...common, record.question, record.surveyRevision, record.value, record.source, ...origin]
    }
    case 'answer':
      return [...common, record.touchId, record.followUp, record.option]
    case 'anchor':
      return [...common, record.utcMs, record.errorMs, record.clock]
    case 'alive':
      return [...common, record.coveredMs]
    case 'tick':
      return common
  }
}

export function isSameRecord(a: TerminalRecord, b: TerminalRecord): boolean {
  const [left, right] = [contentOf(a), contentOf(b)]
  return left.length === right.length && left.every((part, i) => part === right[i])
}
