// Damage to the value of a payload: what a faulty or hostile sender could have meant to say. Depth stays small.

import type { Dice } from './dice.ts'
import { HOSTILE, LENGTHS, NAMES } from './hostile-values.ts'

type Node = Record<string, unknown> | unknown[]
/** What any place may be replaced by; values of its own type show more. */
const STRANGE: readonly unknown[] = [0, 1, 0.5, null, true, '', '1', 'press']

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

/**
 * A value with each of its places wrong in turn: replaced by every hostile value of its type and
 * some of others, left out, an array of every length, an
 * object with one member more. It is the same object each time and whole again afterwards, so it is to be read at once.
 */
export function* eachFault(value: Record<string, unknown>): Generator<Record<string, unknown>> {
  const nodes: Node[] = [value]
  for (const node of nodes) {
    // The further entries of an array only repeat the form of the first; what has three parts is the longest tuple.
    const most = Array.isArray(node) ? (typeof node[0] === 'object' ? 1 : 3) : undefined
    const names = Object.keys(node).slice(0, most)
    for (const name of names) for (const _ of eachFaultAt(node, name)) yield value
    const inner = names.map((name) => Reflect.get(node, name))
    nodes.push(...inner.filter((each): each is Node => typeof each === 'object' && each !== null))
    if (Array.isArray(node)) continue
    for (const name of NAMES.filter((each) => !Object.hasOwn(node, each))) {
      put(node, name, 1)
      yield value
      Reflect.deleteProperty(node, name)
    }
  }
}

function* eachFaultAt(node: Node, name: string): Generator<true> {
  const kept = Reflect.get(node, name)
  const lengths = Array.isArray(kept) && kept.length > 0 ? LENGTHS : []
  const resized = lengths.map((length) => Array.from({ length }, (_, at) => kept[at % kept.length]))
  const likely = HOSTILE.filter((wrong) => kept === null || typeof wrong === typeof kept || STRANGE.includes(wrong))
  for (const wrong of [...likely, ...resized]) {
    put(node, name, wrong)
    yield true
  }
  if (!Array.isArray(node)) {
    Reflect.deleteProperty(node, name)
    yield true
  }
  put(node, name, kept)
}
