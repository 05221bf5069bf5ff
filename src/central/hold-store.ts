import type { Store } from './store/port.ts'

export type HeldStore = {
  /** The store, its transactions one after the other as they were asked for. */
  store: Store
  /**
   * Lets nothing begin from now on until `end` has come.
   *
   * @returns resolves when what was asked for before is done
   */
  hold(end: Promise<void>): Promise<void>
}

/** Makes room between two transactions of a store for those of another connection, which would otherwise fight for the lock. */
export function makeHeldStore(store: Store): HeldStore {
  let last: Promise<unknown> = Promise.resolve()
  return {
    store: {
      ...store,
      transact(work) {
        const result = last.then(() => store.transact(work))
        last = result.catch(() => undefined)
        return result
      },
    },
    async hold(end) {
      const before = last
      last = before.then(() => end)
      await before
    },
  }
}
