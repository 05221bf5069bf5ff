import { cpuHz, resetFlags, startAvrMachine } from '../../firmware-bridge/simulator/avr-machine.ts'
import { makeEepromCells } from '../../firmware-bridge/simulator/eeprom-cells.ts'
import { parseIntelHex } from '../../firmware-bridge/simulator/intel-hex.ts'

const lightBits = { green: 1, amber: 2, red: 4 } as const
export type LightName = keyof typeof lightBits

/** One time that a light looks lit: pulses less than 12 ms apart are one to the eye. */
export type Glow = { fromMs: number; ms: number; duty: number }

/** The bare chip with the image in it, seen at the pins of its lights. */
export type PinRig = {
  nowMs(): number
  run(ms: number): void
  setClosed(mask: number): void
  /** Bytes at 57600 baud; returns when they have arrived. */
  say(text: string): void
  heard(): string
  /** All glows of one light that began since the last `forget`, as driven at its pin. */
  glows(light: LightName): Glow[]
  forget(): void
}

const cyclesPerMs = cpuHz / 1000
const byteMs = 10_000 / 57_600
const sameGlowMs = 12

/** @param eeprom what an earlier run left, as it is afterwards too */
export function openPinRig(hex: string, eeprom: Uint8Array): PinRig {
  let edges: { atMs: number; levels: number }[] = []
  let text = ''
  const machine = startAvrMachine({
    flash: parseIntelHex(hex),
    eeprom: makeEepromCells({ content: eeprom, random: () => 0.5, onWritten: () => {} }),
    ram: new Uint8Array(2048).fill(0xa5),
    resetFlag: resetFlags.powerOn,
    onTransmitted: (byte) => {
      text += String.fromCharCode(byte)
    },
    onPortB: (levels) => void edges.push({ atMs: rig.nowMs(), levels: levels & 7 }),
  })
  machine.setPortD(0xff)

  const rig: PinRig = {
    nowMs: () => machine.cycles() / cyclesPerMs,
    run: (ms) => void machine.runUntil(machine.cycles() + Math.round(ms * cyclesPerMs)),
    setClosed: (mask) => machine.setPortD(~(mask << 4) & 0xff),
    say(line) {
      for (const byte of Buffer.from(line, 'latin1')) {
        rig.run(byteMs)
        machine.receive(byte)
      }
    },
    heard: () => text,
    glows: (light) => findGlows(edges, lightBits[light], rig.nowMs()),
    forget() {
      const last = edges.at(-1)
      edges = last ? [{ atMs: rig.nowMs(), levels: last.levels }] : []
      text = ''
    },
  }
  return rig
}

function findGlows(edges: readonly { atMs: number; levels: number }[], bit: number, nowMs: number): Glow[] {
  const pulses: { fromMs: number; toMs: number }[] = []
  for (const [index, { atMs, levels }] of edges.entries()) {
    const wasLit = ((edges[index - 1]?.levels ?? 0) & bit) !== 0
    const isLit = (levels & bit) !== 0
    if (isLit && !wasLit) pulses.push({ fromMs: atMs, toMs: nowMs })
    const last = pulses.at(-1)
    if (!isLit && wasLit && last) last.toMs = atMs
  }
  const glows: { fromMs: number; toMs: number; litMs: number }[] = []
  for (const { fromMs, toMs } of pulses) {
    const last = glows.at(-1)
    if (last && fromMs - last.toMs < sameGlowMs) {
      last.toMs = toMs
      last.litMs += toMs - fromMs
    } else glows.push({ fromMs, toMs, litMs: toMs - fromMs })
  }
  return glows.map(({ fromMs, toMs, litMs }) => ({ fromMs, ms: toMs - fromMs, duty: litMs / (toMs - fromMs) }))
}
