/**
 * The boots of a terminal in the order in which their first records came. `from_ms` and `to_ms` bound the UTC of `first_mono_ms` where no
 * anchor tells it, `settled_ms` is how far apart they were when the boot's presses were last timed by them.
 * As everywhere, 100 ppm are allowed for the crystal (ingest/boot-bounds.ts).
 * Of a database that is older, the boots that said a tick, an anchor or an hour of work are known; all of ours did.
 */
export const boots = `
CREATE TABLE boot_span (
  terminal INTEGER NOT NULL, no INTEGER NOT NULL, boot INTEGER NOT NULL, last_no INTEGER NOT NULL,
  first_mono_ms INTEGER NOT NULL, last_mono_ms INTEGER NOT NULL,
  from_ms INTEGER, to_ms INTEGER NOT NULL, settled_ms INTEGER,
  PRIMARY KEY (terminal, no)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX boot_by_name ON boot_span (terminal, boot);
INSERT INTO boot_span
  SELECT terminal, row_number() OVER by_arrival, boot, row_number() OVER by_arrival, first_mono_ms, last_mono_ms,
    NULL, received_at_ms - (last_mono_ms - first_mono_ms) + (last_mono_ms - first_mono_ms + 9999) / 10000, NULL
  FROM (
    SELECT terminal, boot, min(mono_ms) AS first_mono_ms, max(mono_ms) AS last_mono_ms,
      min(received_at_ms) AS came_at_ms, max(received_at_ms) AS received_at_ms, min(epoch) AS first_epoch
    FROM record_row WHERE kind <> 'tombstone' GROUP BY terminal, boot
  )
  WINDOW by_arrival AS (PARTITION BY terminal ORDER BY came_at_ms, first_epoch);
`
