import type { Database } from 'better-sqlite3'
import type { AccountReader, AccountWriter, AuditEntry, Link, Session, User } from '../accounts-port.ts'
import { makeTokenTable } from './token-table.ts'

const userColumns = `id, email, name, language, role, place, state, password_hash AS passwordHash, oidc_subject AS oidcSubject, revision,
  created_at_ms AS createdAtMs, changed_at_ms AS changedAtMs, changed_by AS changedBy, last_sign_in_at_ms AS lastSignInAtMs`
const sessionColumns = 'hash, id, user, created_at_ms AS createdAtMs, seen_at_ms AS seenAtMs, agent, address'
const linkColumns = 'hash, kind, user, created_at_ms AS createdAtMs, expires_at_ms AS expiresAtMs'
const auditColumns = 'no, at_ms AS atMs, by, what, object AS "on", detail, origin AS "from"'

export function makeAccountReader(db: Database): AccountReader {
  const hasUsers = db.prepare<[], number>('SELECT EXISTS (SELECT 1 FROM user)').pluck()
  const users = db.prepare<[], User>(`SELECT ${userColumns} FROM user ORDER BY email`)
  const user = db.prepare<[string], User>(`SELECT ${userColumns} FROM user WHERE id = ?`)
  const byEmail = db.prepare<[string], User>(`SELECT ${userColumns} FROM user WHERE email = ?`)
  const bySubject = db.prepare<[string], User>(`SELECT ${userColumns} FROM user WHERE oidc_subject = ?`)
  const session = db.prepare<[string], Session>(`SELECT ${sessionColumns} FROM session WHERE hash = ?`)
  const sessionsOf = db.prepare<[string], Session>(
    `SELECT ${sessionColumns} FROM session WHERE user = ? ORDER BY created_at_ms DESC, hash`,
  )
  const link = db.prepare<[string], Link>(`SELECT ${linkColumns} FROM link WHERE hash = ?`)
  const audit = db.prepare<{ before: number; limit: number }, AuditEntry & { no: number }>(
    `SELECT ${auditColumns} FROM audit WHERE no < $before ORDER BY no DESC LIMIT $limit`,
  )
  const tokens = makeTokenTable(db)
  return {
    hasUsers: async () => hasUsers.get() === 1,
    users: async () => users.all(),
    user: async (id) => user.get(id) ?? null,
    userByEmail: async (email) => byEmail.get(email) ?? null,
    userByOidcSubject: async (subject) => bySubject.get(subject) ?? null,
    session: async (hash) => session.get(hash) ?? null,
    sessionsOf: async (of) => sessionsOf.all(of),
    link: async (hash) => link.get(hash) ?? null,
    tokens: async () => tokens.all(),
    token: async (id) => tokens.get(id),
    tokenByHash: async (hash) => tokens.byHash(hash),
    audit: async ({ before, limit }) => audit.all({ before: before ?? Number.MAX_SAFE_INTEGER, limit }),
  }
}

export function makeAccountWriter(db: Database): AccountWriter {
  const putUser =
    db.prepare(`INSERT INTO user VALUES ($id, $email, $name, $language, $role, $place, $state, $passwordHash, $oidcSubject,
      $revision, $createdAtMs, $changedAtMs, $changedBy, $lastSignInAtMs)
    ON CONFLICT (id) DO UPDATE SET email = excluded.email, name = excluded.name, language = excluded.language, role = excluded.role,
      place = excluded.place, state = excluded.state, password_hash = excluded.password_hash, oidc_subject = excluded.oidc_subject,
      revision = excluded.revision, changed_at_ms = excluded.changed_at_ms, changed_by = excluded.changed_by,
      last_sign_in_at_ms = excluded.last_sign_in_at_ms`)
  const putSession = db.prepare(
    'INSERT INTO session VALUES ($hash, $id, $user, $createdAtMs, $seenAtMs, $agent, $address)',
  )
  const touchSession = db.prepare('UPDATE session SET seen_at_ms = ? WHERE hash = ?')
  const removeSession = db.prepare('DELETE FROM session WHERE hash = ?')
  const removeSessions = db.prepare('DELETE FROM session WHERE user = ? AND hash <> ?')
  const removeOld = db.prepare('DELETE FROM session WHERE created_at_ms < $createdAtMs OR seen_at_ms < $seenAtMs')
  const putLink = db.prepare('INSERT INTO link VALUES ($hash, $kind, $user, $createdAtMs, $expiresAtMs)')
  const takeLink = db.prepare<[string], Link>(`DELETE FROM link WHERE hash = ? RETURNING ${linkColumns}`)
  const removeLinks = db.prepare('DELETE FROM link WHERE user IS ?')
  const removeExpired = db.prepare('DELETE FROM link WHERE expires_at_ms <= ?')
  const addAudit = db.prepare(`INSERT INTO audit (at_ms, by, what, object, detail, origin)
    VALUES ($atMs, $by, $what, $on, $detail, $from)`)
  const tokens = makeTokenTable(db)
  return {
    ...makeAccountReader(db),
    putUser: async (user) => void putUser.run(user),
    putSession: async (session) => void putSession.run(session),
    touchSession: async (hash, seenAtMs) => void touchSession.run(seenAtMs, hash),
    removeSession: async (hash) => removeSession.run(hash).changes > 0,
    removeSessionsOf: async (user, but = '') => void removeSessions.run(user, but),
    removeOldSessions: async (than) => void removeOld.run(than),
    putLink: async (link) => void putLink.run(link),
    takeLink: async (hash) => takeLink.get(hash) ?? null,
    removeLinksOf: async (user) => void removeLinks.run(user),
    removeExpiredLinks: async (nowMs) => void removeExpired.run(nowMs),
    putToken: async (token) => tokens.put(token),
    touchToken: async (id, usedAtMs) => tokens.touch(id, usedAtMs),
    addAudit: async (entry) => void addAudit.run(entry),
  }
}
