/**
 * `crc` lets a row tell that a failing card has changed it; rows from before have none and are believed.
 * What `deliveries` held was told by this machine's clock, which may have been wrong by decades; it is told anew by the central's.
 */
export const checksums002 = `
ALTER TABLE records ADD COLUMN crc INTEGER;
DELETE FROM deliveries;
`
