/**
 * Whether two JSON values are equal: members in any order, −0 equal to 0. On a stack of its own, since a payload may
 * be nested deeper than a recursion reaches.
 */
export function isSameValue(one: unknown, other: unknown): boolean {
  const pairs: [unknown, unknown][] = [[one, other]]
  for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
    const [left, right] = pair
    if (left === right) continue
    if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false
    if (Array.isArray(left) !== Array.isArray(right)) return false
    const names = Object.getOwnPropertyNames(left)
    if (names.length !== Object.getOwnPropertyNames(right).length) return false
    for (const name of names) {
      if (!Object.hasOwn(right, name)) return false
      pairs.push([Reflect.get(left, name), Reflect.get(right, name)])
    }
  }
  return true
}
