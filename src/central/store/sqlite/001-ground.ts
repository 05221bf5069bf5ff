/**
 * The ground of the central database.
 *
 * Names that repeat in every row (terminal, epoch, boot, box, question, touchpoint) are numbers into `name`, local dates integers
 * YYYYMMDD. Whoever reads with plain SQL takes the views `press` and `cell_tally`, which have the texts:
 * `SELECT box, box_seq, value FROM press WHERE source = 'box'`.
 * Class 0 raw, 1 counted, 2 uncertain; label 0 counted, 1 misuse.
 */
const values = Array.from({ length: 11 }, (_, value) => `n${value}`)

export const ground = `
CREATE TABLE name (no INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;

CREATE TABLE catalogue_rev (one INTEGER PRIMARY KEY CHECK (one = 1), rev INTEGER NOT NULL) STRICT;
INSERT INTO catalogue_rev VALUES (1, 1);
CREATE TABLE place (
  id TEXT PRIMARY KEY, parent TEXT REFERENCES place (id), name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('chain', 'region', 'store'))
) STRICT, WITHOUT ROWID;
CREATE TABLE touchpoint (
  id TEXT PRIMARY KEY, place TEXT NOT NULL REFERENCES place (id), name TEXT NOT NULL, zone TEXT NOT NULL, question TEXT NOT NULL,
  opening_hours TEXT NOT NULL, exceptions TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE survey (
  question TEXT NOT NULL, revision INTEGER NOT NULL, scale_max INTEGER NOT NULL, texts TEXT NOT NULL,
  PRIMARY KEY (question, revision)
) STRICT, WITHOUT ROWID;
CREATE TABLE terminal (
  id TEXT PRIMARY KEY, secret_hash TEXT NOT NULL, created_at_ms INTEGER NOT NULL, name TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE placement (
  terminal TEXT NOT NULL REFERENCES terminal (id), from_ms INTEGER NOT NULL,
  touchpoint TEXT NOT NULL REFERENCES touchpoint (id), to_ms INTEGER,
  PRIMARY KEY (terminal, from_ms)
) STRICT, WITHOUT ROWID;

CREATE TABLE cursor (
  terminal INTEGER NOT NULL, epoch INTEGER NOT NULL, up_to INTEGER NOT NULL, PRIMARY KEY (terminal, epoch)
) STRICT, WITHOUT ROWID;
CREATE TABLE box_range (
  box INTEGER NOT NULL, from_seq INTEGER NOT NULL, to_seq INTEGER NOT NULL, PRIMARY KEY (box, from_seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE terminal_box (
  terminal INTEGER NOT NULL, box INTEGER NOT NULL, PRIMARY KEY (terminal, box)
) STRICT, WITHOUT ROWID;

CREATE TABLE press_row (
  terminal INTEGER NOT NULL, epoch INTEGER NOT NULL, sequence INTEGER NOT NULL,
  boot INTEGER NOT NULL, mono_ms INTEGER NOT NULL, wall_ms INTEGER NOT NULL, received_at_ms INTEGER NOT NULL,
  question INTEGER NOT NULL, survey_revision INTEGER NOT NULL, value INTEGER NOT NULL,
  box INTEGER, box_seq INTEGER, touch_id TEXT, spread_ms INTEGER, flags INTEGER NOT NULL,
  utc_ms INTEGER, error_ms INTEGER,
  touchpoint INTEGER, local_date INTEGER, hour INTEGER, offset_minutes INTEGER, class INTEGER,
  label INTEGER, rule INTEGER, is_repeat INTEGER NOT NULL, is_unplaced INTEGER NOT NULL,
  PRIMARY KEY (terminal, epoch, sequence),
  CHECK ((box IS NULL) <> (touch_id IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX press_by_time ON press_row (terminal, utc_ms) WHERE utc_ms IS NOT NULL;
CREATE INDEX press_loose ON press_row (terminal, boot, mono_ms)
  WHERE is_repeat = 0 AND (error_ms IS NULL OR error_ms > 10000);
CREATE INDEX press_by_touch_id ON press_row (terminal, touch_id) WHERE touch_id IS NOT NULL;
CREATE INDEX press_unplaced ON press_row (terminal) WHERE is_unplaced = 1;
CREATE TABLE record_row (
  terminal INTEGER NOT NULL, epoch INTEGER NOT NULL, sequence INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('answer', 'anchor', 'tick', 'alive', 'tombstone')),
  boot INTEGER, mono_ms INTEGER, wall_ms INTEGER, received_at_ms INTEGER, body TEXT,
  PRIMARY KEY (terminal, epoch, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE anchor (
  terminal INTEGER NOT NULL, boot INTEGER NOT NULL, mono_ms INTEGER NOT NULL, clock TEXT NOT NULL,
  utc_ms INTEGER NOT NULL, error_ms INTEGER NOT NULL,
  PRIMARY KEY (terminal, boot, mono_ms, clock)
) STRICT, WITHOUT ROWID;
CREATE TABLE alive (
  terminal INTEGER NOT NULL, boot INTEGER NOT NULL, mono_ms INTEGER NOT NULL, covered_ms INTEGER NOT NULL,
  from_ms INTEGER, to_ms INTEGER,
  PRIMARY KEY (terminal, boot, mono_ms)
) STRICT, WITHOUT ROWID;
CREATE INDEX alive_by_time ON alive (terminal, to_ms);

CREATE TABLE missing (
  terminal INTEGER NOT NULL, epoch INTEGER NOT NULL, from_seq INTEGER NOT NULL, to_seq INTEGER NOT NULL,
  cause TEXT NOT NULL, at_ms INTEGER NOT NULL,
  PRIMARY KEY (terminal, epoch, from_seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE quarantined (
  terminal INTEGER NOT NULL, epoch INTEGER NOT NULL, sequence INTEGER NOT NULL,
  stored TEXT NOT NULL, arrived TEXT NOT NULL, at_ms INTEGER NOT NULL,
  PRIMARY KEY (terminal, epoch, sequence, arrived)
) STRICT, WITHOUT ROWID;
CREATE TABLE ledger (
  terminal INTEGER PRIMARY KEY, stored INTEGER NOT NULL DEFAULT 0, stored_touch INTEGER NOT NULL DEFAULT 0,
  repeated INTEGER NOT NULL DEFAULT 0, quarantined INTEGER NOT NULL DEFAULT 0, rejected INTEGER NOT NULL DEFAULT 0,
  unplaced INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE terminal_state (
  terminal INTEGER PRIMARY KEY, connection TEXT, online INTEGER NOT NULL DEFAULT 0,
  last_seen_at_ms INTEGER, last_batch_at_ms INTEGER, last_press_at_ms INTEGER, hello TEXT, health TEXT
) STRICT;

CREATE TABLE tally (
  touchpoint INTEGER NOT NULL, question INTEGER NOT NULL, class INTEGER NOT NULL,
  local_date INTEGER NOT NULL, hour INTEGER NOT NULL, offset_minutes INTEGER NOT NULL,
  ${values.map((column) => `${column} INTEGER NOT NULL`).join(', ')},
  PRIMARY KEY (touchpoint, question, class, local_date, hour, offset_minutes)
) STRICT, WITHOUT ROWID;
CREATE INDEX tally_by_date ON tally (class, local_date);
CREATE TABLE dirty_hour (
  no INTEGER PRIMARY KEY, terminal INTEGER NOT NULL, utc_hour INTEGER NOT NULL, UNIQUE (terminal, utc_hour)
) STRICT;

CREATE VIEW press AS SELECT
  terminal.text AS terminal, epoch.text AS epoch, sequence, boot.text AS boot, mono_ms, wall_ms, received_at_ms,
  question.text AS question, survey_revision, value, iif(touch_id IS NULL, 'box', 'touch') AS source,
  box.text AS box, box_seq, touch_id, spread_ms, flags, utc_ms, error_ms, touchpoint.text AS touchpoint,
  CASE WHEN local_date IS NOT NULL THEN printf('%04d-%02d-%02d', local_date / 10000, local_date / 100 % 100, local_date % 100) END
    AS local_date,
  hour, offset_minutes, CASE class WHEN 0 THEN 'raw' WHEN 2 THEN 'uncertain' END AS class,
  CASE label WHEN 0 THEN 'counted' WHEN 1 THEN 'misuse' END AS label, rule.text AS rule, is_repeat, is_unplaced
FROM press_row
  JOIN name AS terminal ON terminal.no = press_row.terminal
  JOIN name AS epoch ON epoch.no = press_row.epoch
  JOIN name AS boot ON boot.no = press_row.boot
  JOIN name AS question ON question.no = press_row.question
  LEFT JOIN name AS box ON box.no = press_row.box
  LEFT JOIN name AS touchpoint ON touchpoint.no = press_row.touchpoint
  LEFT JOIN name AS rule ON rule.no = press_row.rule;
CREATE VIEW cell_tally AS SELECT
  touchpoint.text AS touchpoint, question.text AS question,
  CASE class WHEN 0 THEN 'raw' WHEN 1 THEN 'counted' WHEN 2 THEN 'uncertain' END AS class,
  printf('%04d-%02d-%02d', local_date / 10000, local_date / 100 % 100, local_date % 100) AS local_date,
  hour, offset_minutes, ${values.join(', ')}
FROM tally
  JOIN name AS touchpoint ON touchpoint.no = tally.touchpoint
  JOIN name AS question ON question.no = tally.question;
`
