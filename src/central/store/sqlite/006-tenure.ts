/** `box_told.from_next`: the box's next number when it came to this terminal; what it gave before then, another terminal may have. */
export const tenure = `
ALTER TABLE box_told ADD COLUMN from_next INTEGER NOT NULL DEFAULT 1;
`
