/** One broken firmware: an exact text of one file under `firmware-bridge/firmware` replaced by another. */
export type Mutant = {
  name: string
  file: string
  /** Must stand there exactly once. */
  find: string
  replace: string
  /** Name of the directed check that must fail. */
  caughtBy: string
}
