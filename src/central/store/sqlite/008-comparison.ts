/** `comparison`: when tallies were last compared with presses, and how many days of touchpoints differ since. One row. */
export const comparison = `
CREATE TABLE comparison (
  no INTEGER PRIMARY KEY CHECK (no = 1), at_ms INTEGER NOT NULL, differences INTEGER NOT NULL
) STRICT;
`
