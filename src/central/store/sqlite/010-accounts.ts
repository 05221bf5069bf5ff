/**
 * Users, sessions, one-time links, API tokens; secrets as SHA-256 only. `audit` can only grow: not even this program may change a line of it.
 */
export const accounts = `
CREATE TABLE user (
  id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL, language TEXT NOT NULL, role TEXT NOT NULL, place TEXT,
  state TEXT NOT NULL, password_hash TEXT, oidc_subject TEXT UNIQUE, revision INTEGER NOT NULL, created_at_ms INTEGER NOT NULL,
  changed_at_ms INTEGER NOT NULL, changed_by TEXT NOT NULL, last_sign_in_at_ms INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE session (
  hash TEXT PRIMARY KEY, id TEXT NOT NULL, user TEXT NOT NULL REFERENCES user (id), created_at_ms INTEGER NOT NULL,
  seen_at_ms INTEGER NOT NULL, agent TEXT NOT NULL, address TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_user ON session (user, created_at_ms);
CREATE TABLE link (
  hash TEXT PRIMARY KEY, kind TEXT NOT NULL, user TEXT REFERENCES user (id), created_at_ms INTEGER NOT NULL, expires_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE token (
  id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, name TEXT NOT NULL, scopes TEXT NOT NULL, place TEXT, created_at_ms INTEGER NOT NULL,
  created_by TEXT NOT NULL, last_used_at_ms INTEGER, revoked_at_ms INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE audit (
  no INTEGER PRIMARY KEY AUTOINCREMENT, at_ms INTEGER NOT NULL, by TEXT NOT NULL, what TEXT NOT NULL, object TEXT NOT NULL,
  detail TEXT NOT NULL, origin TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_kept BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is never shortened'); END;
CREATE TRIGGER audit_fixed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is never changed'); END;
`
