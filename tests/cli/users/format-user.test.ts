import { expect, it } from 'vitest'
import { formatUser } from '../../../src/cli/users/format-user.ts'

it('prints nothing of a user that a terminal would obey', () => {
  const instants = { createdAt: '', changedAt: '', lastSignInAt: null }
  const rights = { role: 'viewer', place: null, state: 'active', revision: 1, changedBy: 'x' } as const
  const user = { ...instants, ...rights, id: 'u1', email: 'eve@example.org', language: 'en' }
  expect(formatUser({ ...user, name: 'Eve\u001b[2J\u009b\u202e\tadmin\n' })).toBe(
    'eve@example.org\tEve\ufffd[2J\ufffd\ufffd\ufffdadmin\ufffd\tviewer\tall places\tactive\tnever signed in',
  )
  expect(formatUser({ ...user, name: 'Liisa Äijö 👩‍👧' })).toContain('\tLiisa Äijö 👩‍👧\t')
})
