import type { Refusal } from '../../contracts/http/refusal.ts'

const shortest = 12
const longest = 200

/**
 * Passwords are judged by their length (NIST SP 800-63B): rules on digits and signs make weak ones that people write down.
 *
 * @returns null for a good one
 */
export function findPasswordFault(password: string, { email, name }: { email: string; name: string }): Refusal | null {
  const length = [...password].length
  const refuse = (code: string, detail: string): Refusal => ({
    ok: false,
    reason: 'bad-field',
    field: 'password',
    code,
    detail,
  })
  if (length < shortest)
    return refuse('too-short', `has ${length} characters; at least ${shortest} are needed, such as four words`)
  if (length > longest) return refuse('too-long', `has ${length} characters; at most ${longest} are taken`)
  const plain = password.trim().toLowerCase()
  if (plain === email.toLowerCase() || plain === email.toLowerCase().split('@')[0])
    return refuse('is-email', 'is the mail address; choose something that nobody can guess from it')
  if (plain === name.trim().toLowerCase())
    return refuse('is-name', 'is the name; choose something that nobody can guess from it')
  if (new Set(plain).size < 4) return refuse('too-plain', 'repeats the same few characters; use more different ones')
  return null
}
