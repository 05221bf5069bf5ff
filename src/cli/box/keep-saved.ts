import { saveEeprom } from '../../../firmware-bridge/simulator/eeprom-file.ts'
import type { SimulatedBox } from '../../../firmware-bridge/simulator/simulated-box.ts'

const saveEveryMs = 200

/**
 * Keeps the EEPROM of a box in a file: with `now` at each commit, and soon after any other change.
 *
 * @param onFailed once, where a change could not be saved; `now` and `close` throw instead (AppError `simulator-file`)
 */
export function keepSaved(box: SimulatedBox, path: string, onFailed: (failure: Error) => void) {
  let isChanged = false
  const stopListening = box.onEepromWrite(() => {
    isChanged = true
  })
  function save(): void {
    saveEeprom(path, box.eeprom())
    isChanged = false
  }
  const timer = setInterval(() => {
    try {
      if (isChanged) save()
    } catch (error) {
      clearInterval(timer)
      onFailed(error as Error)
    }
  }, saveEveryMs)
  return {
    now: save,
    close() {
      clearInterval(timer)
      stopListening()
      save()
    },
  }
}

export const nothingSaved = { now: () => {}, close: () => {} }
