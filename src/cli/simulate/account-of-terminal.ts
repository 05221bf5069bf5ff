/** What the central holds of a terminal's presses, compared with what was pressed. */
export type Account = {
  terminal: string
  pressed: number
  stored: number
  /** Pressed, and not there. */
  missing: number
  /** There more than once, beyond what the central knows for repeats and tallies not. */
  doubled: number
  /** Never pressed. */
  foreign: number
  wrongValue: number
  /** Without a time, or farther from the truth than the error bound that the central states. */
  wrongTime: number
  /** In an hour, or under a date, that is not that of its time in its zone. */
  wrongHour: number
  /** Presses by which tallies differ from rows. */
  wrongTally: number
  /** Kept by the central as repeats, as it should. */
  repeated: number
  /** Presses whose time is known worse than to 10 s: the box held them while the whole machine was off. */
  loose: number
  /** Largest distance of the others from the truth; null where the central does not tell. */
  maxErrorMs: number | null
  ledger: { pressed: number; stored: number; pending: number; missing: number; quarantined: number } | null
}

const faultNames = ['missing', 'doubled', 'foreign', 'wrongValue', 'wrongTime', 'wrongHour', 'wrongTally'] as const

/** @returns in words what is wrong; empty where every press is there once, at its time */
export function findAccountFaults(account: Account): string[] {
  const faults = faultNames.filter((name) => account[name] > 0).map((name) => `${name} ${account[name]}`)
  const { ledger } = account
  if (!ledger) return faults
  if (ledger.stored !== account.pressed || ledger.pressed !== account.pressed)
    faults.push(`ledger says pressed ${ledger.pressed}, stored ${ledger.stored}`)
  for (const name of ['pending', 'missing', 'quarantined'] as const)
    if (ledger[name] > 0) faults.push(`ledger says ${name} ${ledger[name]}`)
  return faults
}
