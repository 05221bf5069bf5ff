/**
 * `lives` and `cloned_at_ms`: which epochs of a terminal were heard, and since when two machines speak under its name. `box_range.terminal`:
 * who delivered the presses of a range first. `box_refusal`: presses that a full box refused in one of its boots, as far as it told.
 */
export const custody = `
ALTER TABLE terminal_state ADD COLUMN lives TEXT;
ALTER TABLE terminal_state ADD COLUMN cloned_at_ms INTEGER;
CREATE INDEX terminal_cloned ON terminal_state (cloned_at_ms) WHERE cloned_at_ms IS NOT NULL;
ALTER TABLE box_range ADD COLUMN terminal INTEGER;
UPDATE box_range SET terminal = (SELECT min(terminal) FROM terminal_box WHERE terminal_box.box = box_range.box);
CREATE TABLE box_refusal (
  terminal INTEGER NOT NULL, box INTEGER NOT NULL, boot INTEGER NOT NULL, refused INTEGER NOT NULL,
  PRIMARY KEY (terminal, box, boot)
) STRICT, WITHOUT ROWID;
`
