/**
 * `epochs` says how far each epoch goes, independent of the rows that are still there, so that a missing row is noticed:
 * next = sequence of the next record, confirmed = the mark (all up to it is committed at the central),
 * trimmed = all up to it was delivered long ago and deleted here.
 * `deliveries` says in which hour a mark was reached; trimming goes by it, never by a record's own clock.
 */
export const records001 = `
CREATE TABLE epochs (
  ordinal INTEGER PRIMARY KEY,
  epoch TEXT NOT NULL UNIQUE,
  next INTEGER NOT NULL DEFAULT 1,
  confirmed INTEGER NOT NULL DEFAULT 0,
  trimmed INTEGER NOT NULL DEFAULT 0,
  CHECK (confirmed < next AND trimmed < next)
) STRICT;

CREATE TABLE records (
  ordinal INTEGER NOT NULL REFERENCES epochs (ordinal),
  sequence INTEGER NOT NULL,
  kind TEXT NOT NULL,
  boot TEXT NOT NULL,
  mono_ms INTEGER NOT NULL,
  wall_ms INTEGER NOT NULL,
  box TEXT,
  box_seq INTEGER,
  touch_id TEXT,
  content TEXT NOT NULL,
  PRIMARY KEY (ordinal, sequence)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX records_by_box ON records (box, box_seq) WHERE box IS NOT NULL;
CREATE UNIQUE INDEX records_by_touch ON records (touch_id) WHERE touch_id IS NOT NULL;

CREATE TABLE deliveries (
  ordinal INTEGER NOT NULL REFERENCES epochs (ordinal),
  hour INTEGER NOT NULL,
  up_to INTEGER NOT NULL,
  PRIMARY KEY (ordinal, hour)
) STRICT, WITHOUT ROWID;

CREATE TABLE rejected (
  ordinal INTEGER NOT NULL REFERENCES epochs (ordinal),
  sequence INTEGER NOT NULL,
  reason TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (ordinal, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE boxes (
  box TEXT PRIMARY KEY,
  given_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE offered (
  question TEXT NOT NULL,
  revision INTEGER NOT NULL,
  scale_max INTEGER NOT NULL,
  PRIMARY KEY (question, revision)
) STRICT, WITHOUT ROWID;

CREATE TABLE notes (
  name TEXT PRIMARY KEY,
  content TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`
