/** Readers of single fields (PROTOCOL.md §4). Each answers undefined for a field that breaks its form or range. */

export type FieldReader<Value> = (text: string) => Value | undefined

const decimal = /^(0|[1-9][0-9]{0,9})$/
const idForm = /^[0-9a-f]{8}$/
const firmwareForm = /^[0-9A-Za-z.+-]{1,12}$/

/** A u32 between the two bounds; one form per number, so that formatting gives the same bytes back. */
export function integerField(min = 0, max = 0xffff_ffff): FieldReader<number> {
  return (text) => {
    if (!decimal.test(text)) return undefined
    const value = Number(text)
    return value >= min && value <= max ? value : undefined
  }
}

/** A code that stands for one of a list of names by its index. */
export function codeField<Name>(names: readonly Name[]): FieldReader<Name> {
  const readIndex = integerField(0, names.length - 1)
  return (text) => {
    const index = readIndex(text)
    return index === undefined ? undefined : names[index]
  }
}

/** All zeros and all ones are what erased or broken memory reads as, so neither names a box. */
export function idField(text: string): string | undefined {
  return idForm.test(text) && text !== '00000000' && text !== 'ffffffff' ? text : undefined
}

export function firmwareField(text: string): string | undefined {
  return firmwareForm.test(text) ? text : undefined
}
