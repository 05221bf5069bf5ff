/** `night`: one report a night, as JSON. `fix`: what people did about a dip, by the dip's id, and the first local date it was in force. */
export const nights = `
CREATE TABLE night (night INTEGER PRIMARY KEY, made_at_ms INTEGER NOT NULL, content TEXT NOT NULL) STRICT;
CREATE TABLE fix (dip TEXT PRIMARY KEY, fix_date TEXT NOT NULL, noted_at_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`
