/** One promise of PROTOCOL.md, asked of an image over its line, its pins and its EEPROM. */
export type DirectedCheck = {
  name: string
  /** Paragraph of PROTOCOL.md. */
  promise: string
  /** Throws where the image (Intel HEX) breaks the promise. */
  run(hex: string): void
}
