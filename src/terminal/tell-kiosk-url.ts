import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where `smilepost doctor` finds the daemon whose port was drawn at its start. */
export const kioskUrlFile = (dataFolder: string): string => join(dataFolder, 'kiosk-url')

/** @returns forgets it; what a kill leaves is found out by asking there. A disk that does not take it costs doctor its way only */
export function tellKioskUrl(dataFolder: string, url: string): () => void {
  const path = kioskUrlFile(dataFolder)
  try {
    writeFileSync(path, `${url}\n`)
  } catch {
    // Full or read-only.
  }
  return () => {
    try {
      rmSync(path, { force: true })
    } catch {
      // Read-only.
    }
  }
}
