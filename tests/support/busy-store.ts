import type { Store } from '../../src/central/store/port.ts'

type Asked = (name: string, ...args: unknown[]) => boolean | Promise<boolean>

/** A store that says it is busy, to whatever `isBusy` says; asked by the name of what is called, of reads too, and what it is given. */
export function makeBusyStore(store: Store): { store: Store; setBusy(asked: Asked): void } {
  let isBusy: Asked = () => false
  const failing = <O extends object>(object: O): O =>
    new Proxy(object, {
      get(target, name: string & keyof O) {
        const member = target[name]
        if (name === 'read') return failing(member as object)
        if (typeof member !== 'function') return member
        return async (...args: unknown[]) => {
          if (await isBusy(name, ...args)) throw new Error('the database is busy')
          return await Reflect.apply(member, target, args)
        }
      },
    })
  const setBusy = (asked: Asked) => {
    isBusy = asked
  }
  return { store: failing(store), setBusy }
}
