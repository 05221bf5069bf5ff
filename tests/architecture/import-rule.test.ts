/**
 * The import rule of the house: which folder may import which. It also fails when it saw too few modules to mean anything:
 * a cruiser that cannot parse the sources sees none and finds no violation either.
 */
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser'
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config'
import { beforeAll, describe, expect, it } from 'vitest'

/** Folder → the folders of ours it may import, as path prefixes; itself always. */
const allowed: Record<string, string[]> = {
  'src/contracts/': [],
  'src/shared/': [],
  'src/looks/': [],
  'src/words/': [],
  'src/analysis/': [],
  'firmware-bridge/line/': [],
  'firmware-bridge/serial/': ['firmware-bridge/line/', 'src/shared/'],
  'firmware-bridge/simulator/': ['firmware-bridge/line/', 'src/shared/'],
  'src/terminal/outbox/': ['src/contracts/', 'src/shared/'],
  'src/terminal/uplink/': ['src/contracts/', 'src/shared/'],
  'src/terminal/kiosk-api/': ['src/contracts/', 'src/shared/'],
  'src/terminal/health/': ['src/contracts/', 'src/shared/'],
  'src/central/broker/': ['src/contracts/', 'src/shared/'],
  'src/central/ingest/': ['src/contracts/', 'src/shared/'],
  'src/central/store/': ['src/contracts/', 'src/shared/'],
  'src/central/fleet/': ['src/contracts/', 'src/shared/'],
  'src/central/accounts/': ['src/contracts/', 'src/shared/'],
  'src/central/api/': ['src/contracts/', 'src/shared/'],
  'src/central/upkeep/': ['src/contracts/', 'src/shared/'],
  'src/central/labels/': ['src/contracts/', 'src/shared/', 'src/analysis/', 'src/words/', 'src/looks/'],
  'src/central/report/': ['src/contracts/', 'src/shared/', 'src/analysis/', 'src/words/', 'src/looks/'],
  'src/dashboard/': ['src/looks/', 'src/words/'],
  'kiosk-ui/': ['src/looks/', 'src/words/'],
}
/** `from` → `to` pairs that are allowed as `import type` only. */
const typeOnly: [from: string, to: string][] = [
  ['src/terminal/', 'firmware-bridge/serial/'],
  ['src/central/', 'src/central/store/port.ts'],
  ['src/central/', 'src/central/store/accounts-port.ts'],
  ['src/central/', 'src/central/store/catalogue.ts'],
  ['src/central/', 'src/central/store/custody.ts'],
  ['src/dashboard/', 'src/contracts/'],
  ['kiosk-ui/', 'src/contracts/'],
]
const sources = ['src', 'firmware-bridge', 'kiosk-ui']

type Import = { from: string; to: string; isTypeOnly: boolean; isNode: boolean; isPackage: boolean }
let imports: Import[] = []
let modules: string[] = []

const isOurs = (path: string) => sources.some((folder) => path.startsWith(`${folder}/`))

beforeAll(async () => {
  const options: ICruiseOptions = {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
  }
  const result = await cruise(sources, options, undefined, { tsConfig: extractTSConfig('tsconfig.json') })
  const output = result.output as ICruiseResult
  const ours = output.modules.filter((module) => isOurs(module.source))
  modules = ours.map((module) => module.source)
  imports = ours.flatMap((module) =>
    module.dependencies.map((dependency) => ({
      from: module.source,
      to: dependency.resolved,
      isTypeOnly: dependency.dependencyTypes.includes('type-only'),
      isNode: dependency.dependencyTypes.includes('core'),
      isPackage: dependency.dependencyTypes.some((type) => type.startsWith('npm')),
    })),
  )
})

function findViolations(room: string, mayImport: string[]): string[] {
  return imports
    .filter(({ from, to }) => from.startsWith(room) && isOurs(to) && !to.startsWith(room))
    .filter(({ to }) => !mayImport.some((prefix) => to.startsWith(prefix)))
    .filter(
      ({ from, to, isTypeOnly }) => !(isTypeOnly && typeOnly.some(([a, b]) => from.startsWith(a) && to.startsWith(b))),
    )
    .map(({ from, to }) => `${from} imports ${to}`)
}

describe('the import rule', () => {
  it('saw the house', () => {
    expect(modules.length).toBeGreaterThan(100)
    expect(imports.filter(({ to }) => isOurs(to)).length).toBeGreaterThan(150)
    for (const room of [
      'src/contracts/',
      'src/analysis/',
      'src/terminal/outbox/',
      'src/central/ingest/',
      'src/dashboard/',
      'kiosk-ui/',
    ]) {
      expect(modules.filter((path) => path.startsWith(room)).length, room).toBeGreaterThan(1)
    }
  })

  it.each(Object.entries(allowed))('%s imports only what it may', (room, mayImport) => {
    expect(findViolations(room, mayImport)).toEqual([])
  })

  it('every folder of ours stands in the rule', () => {
    const wiring = /^src\/(cli\/|terminal\/[a-z-]+\.ts|central\/[a-z-]+\.ts)/
    const unknown = modules.filter(
      (path) => !Object.keys(allowed).some((room) => path.startsWith(room)) && !wiring.test(path),
    )
    expect(unknown).toEqual([])
  })

  it('analysis imports nothing from outside, not even node', () => {
    const outside = imports.filter(
      ({ from, isNode, isPackage }) => from.startsWith('src/analysis/') && (isNode || isPackage),
    )
    expect(outside).toEqual([])
  })

  it('contracts import TypeBox and nothing else', () => {
    const outside = imports.filter(({ from, to }) => from.startsWith('src/contracts/') && !isOurs(to))
    expect(outside.filter(({ to }) => !to.includes('typebox'))).toEqual([])
    expect(outside.length).toBeGreaterThan(3)
  })

  it.each([
    // The oracle of `smilepost simulate` reads the central's rows by plain SQL, past the store that it judges.
    ['better-sqlite3', /^src\/(terminal\/outbox\/|central\/store\/|cli\/simulate\/check-(database|rows|tallies)\.ts$)/],
    ['serialport', /^firmware-bridge\/serial\//],
    ['node_modules/mqtt/', /^src\/(shared\/mqtt-client\.ts$|central\/broker\/check\/)/],
    ['aedes', /^src\/central\/broker\//],
    ['avr8js', /^firmware-bridge\/simulator\//],
  ])('%s has one owner', (resource, owner) => {
    const users = imports.filter(({ to }) => to.includes(resource) && !isOurs(to)).map(({ from }) => from)
    expect(users.length).toBeGreaterThan(0)
    expect(users.filter((from) => !owner.test(from))).toEqual([])
  })

  it('has no circles', () => {
    const edges = new Map<string, string[]>()
    for (const { from, to, isTypeOnly } of imports) {
      if (isOurs(to) && !isTypeOnly) edges.set(from, [...(edges.get(from) ?? []), to])
    }
    const done = new Set<string>()
    const visit = (path: string, trail: string[]): string | null => {
      if (trail.includes(path)) return [...trail, path].join(' → ')
      if (done.has(path)) return null
      for (const next of edges.get(path) ?? []) {
        const circle = visit(next, [...trail, path])
        if (circle) return circle
      }
      done.add(path)
      return null
    }
    expect([...edges.keys()].map((path) => visit(path, [])).filter(Boolean)).toEqual([])
  })
})
