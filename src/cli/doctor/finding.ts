export type FindingStatus = 'ok' | 'warn' | 'fail'

export type Facts = Record<string, unknown>

export type Finding = {
  /** Which check found it. */
  check: string
  /** Which case it is, for programs. */
  code: string
  status: FindingStatus
  /** One sentence that a shop's electrician understands. */
  what: string
  /** What to do about it; null where there is nothing to do. */
  do: string | null
  facts: Facts
}

/** What the program is waiting for just now; said to a person who looks on. */
export type ShowStep = (step: string) => void

/** One thing that doctor looks at. A check finds, it does not throw for what it finds. */
export type Check = { name: string; run(showStep: ShowStep): Promise<Finding[]> }

/** How a case is told. */
export type CaseText = {
  status: FindingStatus
  what: (facts: Facts) => string
  do: ((facts: Facts) => string) | null
}

export function makeFinding(check: string, code: string, text: CaseText, facts: Facts): Finding {
  return { check, code, status: text.status, what: text.what(facts), do: text.do?.(facts) ?? null, facts }
}
