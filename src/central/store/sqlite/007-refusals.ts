/** A box that keeps its power while it is moved goes on counting what it refuses: who told what of one boot is looked up by the box. */
export const refusals = `
CREATE INDEX refusal_by_box ON box_refusal (box, boot, refused);
`
