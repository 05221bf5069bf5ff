/**
 * `press_row.is_aside`: stored, and by people's decision in no tally. `terminal_state.told_at_ms`: when hello or health last came.
 * `box_told`: what each terminal last told of a box, since a box that is unplugged, or a daemon that restarted, tells nothing of it;
 * `from_at_ms` is when the box came to this terminal. `missing_press`: presses that the ledger found missing, and since when.
 */
export const told = `
ALTER TABLE press_row ADD COLUMN is_aside INTEGER NOT NULL DEFAULT 0;
ALTER TABLE terminal_state ADD COLUMN told_at_ms INTEGER;
CREATE TABLE box_told (
  box INTEGER NOT NULL, terminal INTEGER NOT NULL, next INTEGER NOT NULL, pending INTEGER NOT NULL,
  at_ms INTEGER NOT NULL, from_at_ms INTEGER NOT NULL,
  PRIMARY KEY (box, terminal)
) STRICT, WITHOUT ROWID;
CREATE TABLE missing_press (
  terminal INTEGER NOT NULL, box TEXT NOT NULL, from_seq INTEGER NOT NULL, to_seq INTEGER NOT NULL,
  seen_at_ms INTEGER NOT NULL, is_raised INTEGER NOT NULL,
  PRIMARY KEY (terminal, box, from_seq)
) STRICT, WITHOUT ROWID;
`
