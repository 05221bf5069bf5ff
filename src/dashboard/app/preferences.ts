/** What this reader chose, kept in the browser. Storage may be forbidden (private windows): then a choice lasts for the visit. */

const prefix = 'smilepost.'

export function loadPreference(name: string): string | null {
  try {
    return localStorage.getItem(prefix + name)
  } catch {
    return null
  }
}

export function storePreference(name: string, value: string): void {
  try {
    localStorage.setItem(prefix + name, value)
  } catch {
    // Without storage the page still works.
  }
}
