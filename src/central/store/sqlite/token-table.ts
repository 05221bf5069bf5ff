import type { Database } from 'better-sqlite3'
import type { Token } from '../accounts-port.ts'

type Row = Omit<Token, 'scopes'> & { scopes: string }

const columns = `id, hash, name, scopes, place, created_at_ms AS createdAtMs, created_by AS createdBy, last_used_at_ms AS lastUsedAtMs,
  revoked_at_ms AS revokedAtMs`
const parse = (row: Row): Token => ({ ...row, scopes: JSON.parse(row.scopes) as Token['scopes'] })

export function makeTokenTable(db: Database) {
  const all = db.prepare<[], Row>(
    `SELECT ${columns} FROM token WHERE revoked_at_ms IS NULL ORDER BY created_at_ms DESC, id`,
  )
  const byId = db.prepare<[string], Row>(`SELECT ${columns} FROM token WHERE id = ?`)
  const byHash = db.prepare<[string], Row>(`SELECT ${columns} FROM token WHERE hash = ?`)
  const put =
    db.prepare(`INSERT INTO token VALUES ($id, $hash, $name, $scopes, $place, $createdAtMs, $createdBy, $lastUsedAtMs, $revokedAtMs)
    ON CONFLICT (id) DO UPDATE SET revoked_at_ms = excluded.revoked_at_ms`)
  const touch = db.prepare('UPDATE token SET last_used_at_ms = ? WHERE id = ?')
  const find = (row: Row | undefined) => (row ? parse(row) : null)
  return {
    all: (): Token[] => all.all().map(parse),
    get: (id: string): Token | null => find(byId.get(id)),
    byHash: (hash: string): Token | null => find(byHash.get(hash)),
    put: (token: Token): void => void put.run({ ...token, scopes: JSON.stringify(token.scopes) }),
    touch: (id: string, usedAtMs: number): void => void touch.run(usedAtMs, id),
  }
}
