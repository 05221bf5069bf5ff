import { describe, expect, it } from 'vitest'
import { readBoxHex } from '../../firmware-bridge/simulator/box-hex.ts'
import { allChecks } from './checks/all-checks.ts'

const hex = readBoxHex()

describe('the committed image keeps what PROTOCOL.md promises', () => {
  it.each(allChecks)('$promise $name', ({ run }) => expect(() => run(hex)).not.toThrow())
})
