type LightName = 'green' | 'amber' | 'red'
export type Lights = Record<LightName, boolean>

export type BoxLights = {
  /** Levels of port B, green, amber and red from bit 0 on (src/board.c). */
  setLevels(levels: number): void
  now(): Lights
}

export type BoxLightsOptions = {
  onChange: (lights: Lights) => void
  /** Runs a function after some simulated time. */
  after: (ms: number, run: () => void) => void
}

const names: readonly LightName[] = ['green', 'amber', 'red']
/** Dimmed lights are driven one millisecond in eight (PROTOCOL.md §6); the eye sees them lit all the time. */
const persistenceMs = 12

/** The lights as an eye sees them. */
export function makeBoxLights({ onChange, after }: BoxLightsOptions): BoxLights {
  let levels = 0
  const seen: Lights = { green: false, amber: false, red: false }
  const offTickets: Record<LightName, number> = { green: 0, amber: 0, red: 0 }

  function show(name: LightName, isLit: boolean): void {
    if (seen[name] === isLit) return
    seen[name] = isLit
    onChange({ ...seen })
  }

  return {
    setLevels(next) {
      const before = levels
      levels = next
      for (const [bit, name] of names.entries()) {
        const mask = 1 << bit
        if (((before ^ next) & mask) === 0) continue
        const ticket = ++offTickets[name]
        if (next & mask) show(name, true)
        else after(persistenceMs, () => ticket === offTickets[name] && show(name, false))
      }
    },
    now: () => ({ ...seen }),
  }
}
