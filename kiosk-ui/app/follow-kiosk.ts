import type { KioskPressEvent, KioskState } from '../../src/contracts/http/kiosk.ts'

const retryMs = 2_000

export type KioskFollower = {
  onState: (state: KioskState) => void
  /** A press of the box was stored. */
  onPress: (value: number) => void
}

/** Asks the daemon what to show and listens for changes, for as long as the page lives. */
export function followKiosk({ onState, onPress }: KioskFollower): void {
  const load = async () => {
    try {
      const response = await fetch('/api/kiosk')
      if (!response.ok) throw new Error(String(response.status))
      const state: KioskState = await response.json()
      onState(state)
    } catch {
      setTimeout(load, retryMs)
    }
  }
  const listen = () => {
    const events = new EventSource('/api/kiosk/events')
    // Each connection begins with a fresh state: what changed while there was none is not sent again.
    events.addEventListener('open', () => void load())
    events.addEventListener('state', (event) => {
      const state: KioskState = JSON.parse(event.data)
      onState(state)
    })
    events.addEventListener('press', (event) => {
      const press: KioskPressEvent = JSON.parse(event.data)
      onPress(press.value)
    })
    // A refused stream is closed for good by the standard; only a broken one reconnects by itself.
    events.addEventListener('error', () => {
      if (events.readyState === EventSource.CLOSED) setTimeout(listen, retryMs)
    })
  }
  listen()
}
