// Damage to the value of a payload: what a faulty or hostile sender could have meant to say. Depth stays small.

import type { Dice } from './dice.ts'

type Node = Record<string, unknown> | unknown[]

const HEX = '0123456789abcdef0123456789abcdef01234567'
/** Values at and just outside every border that WIRE.md names. */
const HOSTILE: readonly unknown[] = [
  ...[0, -0, 1, -1, 2, 0.5, 1.5, -1.5, 3.0000000000000004, 5e-324, 1e21, 1.7976931348623157e308, 1 / 0, -1 / 0],
  ...[4, 5, 7, 8, 10, 11, 14, 15, 20, 21, 50, 51, 100, 101, 199, 200, 201, 255, 256],
  ...[2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 2, 2 ** 53 - 1, 2 ** 53, 2 ** 53 + 2, 1 - 2 ** 53, -(2 ** 53), 2 ** 64],
  ...[null, true, false, '', ' ', '0', '1', 'null', [], {}, [[]], [null], [1, 2], { a: 1 }, [['press', 1]]],
  ...[7, 8, 9, 15, 16, 17, 32, 33, 36, 37, 39, 40, 41].map((units) => HEX.slice(0, units).padEnd(units, 'a')),
  ...['a-b', '-ab', 'ab-', 'A', 'é', 'a_b', 'a b', 'a\n', '\n', 'ABCDEF01', '0123456g', '00000000-', '--------'],
  ...['00:00', '23:59', '24:00', '1:00', '12:60', '12:5a', '٠١:٠٢', '12:30\n', ' 12:30', '12-30'],
  ...['press', 'answer', 'anchor', 'tick', 'alive', 'box', 'touch', 'kernel', 'exchange', 'unsynchronised'],
  ...['online', 'offline', 'normal', 'dim', 'trimmed', 'corrupt', 'poison', 'Europe/Prague', 'zh-Hant'],
  ...[20, 21, 40, 41, 60, 61, 199, 200, 201].map((units) => 'x'.repeat(units)),
  ...[
    '😀'.repeat(30),
    '😀'.repeat(31),
    '😀'.repeat(100),
    '😀'.repeat(101),
    `${'x'.repeat(199)}😀`,
    '\ud83d',
    '\0',
    '\u2028',
  ],
  ...['e\u0301'.repeat(100), 'e\u0301'.repeat(101), '👩‍👩‍👧‍👦'.repeat(18), '👩‍👩‍👧‍👦'.repeat(19), '\u0301'.repeat(201)],
]
const NAMES = ['__proto__', 'constructor', 'toString', 'length', 'hasOwnProperty', 'later', '', 'hash', 'a b', 'é', '0']

/** A copy: what is put in may be damaged in its turn, and must not come to hold itself. */
const hostile = (dice: Dice): unknown => structuredClone(dice.pick(HOSTILE))

/** Changes one to three places of a value, in place. */
export function damageValue(value: Node, dice: Dice): void {
  for (let times = 1 + dice.below(3); times > 0; times--) damageOnce(dice.pick(nodesOf(value)), value, dice)
}

/** Changes that leave each member its form and make columns disagree: an entry lost or doubled, a number one off. */
export function damageColumns(value: Record<string, unknown>, dice: Dice): void {
  const nodes = nodesOf(value).filter((node) => Array.isArray(node) || node === value)
  const node = dice.pick(nodes)
  const name = dice.pick(Object.keys(node)) ?? '0'
  const found = Reflect.get(node, name)
  const most = 2 ** 53 - 1
  if (typeof found === 'number')
    put(node, name, dice.pick([found + 1, found - 1, -found, found + 9, most, -most, 2 ** 32 - 1]))
  else if (Array.isArray(node) && dice.chance(0.5)) add(node, structuredClone(found), dice)
  else if (Array.isArray(node)) node.splice(Number(name), 1)
  else if (Array.isArray(found) && found.length > 0) found.splice(dice.below(found.length), 1)
  else if (name !== 'epoch') remove(node, name)
}

/** The containers of a value, outermost first. */
function nodesOf(value: Node): Node[] {
  const nodes: Node[] = [value]
  for (const node of nodes) {
    for (const inner of Object.values(node)) if (typeof inner === 'object' && inner !== null) nodes.push(inner as Node)
  }
  return nodes
}

function damageOnce(node: Node, whole: Node, dice: Dice): void {
  const names = Object.keys(node)
  const name = dice.pick(names)
  const other = dice.pick(names)
  if (name === undefined || other === undefined) {
    add(node, hostile(dice), dice)
    return
  }
  const found = Reflect.get(node, name)
  const change = dice.below(10)
  if (change < 3) put(node, name, hostile(dice))
  else if (change === 3) put(node, name, nudge(found, dice))
  else if (change === 4) remove(node, name)
  else if (change === 5) add(node, hostile(dice), dice)
  else if (change === 6) put(node, other, structuredClone(found))
  else if (change === 7) swap(node, name, other)
  else if (change === 8) add(node, structuredClone(found), dice)
  else put(node, name, structuredClone(dice.pick(Object.values(dice.pick(nodesOf(whole)))) ?? null))
}

/** A value close to the one that stood there: most borders lie one step away. */
function nudge(value: unknown, dice: Dice): unknown {
  if (typeof value === 'number') return dice.pick([value + 1, value - 1, -value, value * 2, value + 0.5, String(value)])
  if (typeof value === 'string') {
    return dice.pick([
      value.slice(1),
      `${value}0`,
      `${value}\n`,
      value.toUpperCase(),
      ` ${value}`,
      `-${value}`,
      [value],
    ])
  }
  if (Array.isArray(value)) return dice.pick([[...value, ...value], value[0], value.slice(1), { ...value }])
  return typeof value === 'object' && value !== null ? [value] : !value
}

function put(node: Node, name: string, value: unknown): void {
  Object.defineProperty(node, name, { value, enumerable: true, writable: true, configurable: true })
}

function remove(node: Node, name: string): void {
  if (Array.isArray(node)) node.splice(Number(name), 1)
  else Reflect.deleteProperty(node, name)
}

function add(node: Node, value: unknown, dice: Dice): void {
  if (Array.isArray(node)) node.splice(dice.below(node.length + 1), 0, value)
  else put(node, dice.pick(NAMES), value)
}

function swap(node: Node, name: string, other: string): void {
  const kept = Reflect.get(node, name)
  put(node, name, Reflect.get(node, other))
  put(node, other, kept)
}
