import { custodyChecks } from './custody-checks.ts'
import type { DirectedCheck } from './directed-check.ts'
import { pressChecks } from './press-checks.ts'
import { sessionChecks } from './session-checks.ts'

export const allChecks: readonly DirectedCheck[] = [...pressChecks, ...custodyChecks, ...sessionChecks]
