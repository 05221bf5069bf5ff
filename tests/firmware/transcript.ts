import { openSimulatedBox } from '../../firmware-bridge/simulator/simulated-box.ts'

/** One line of a transcript in PROTOCOL.md §7: when, who, and what. `lost`: the host said it, the box heard nothing. */
export type Entry = { atMs: number; who: 'power' | 'button' | 'box' | 'host' | 'lost'; what: string }

/** @throws Error for a line that is none of a transcript */
export function parseTranscript(text: string): Entry[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [, atMs, who, what] = /^ *(\d+) {2}(power|button|box|host|lost) +(\S.*?)(?: {2,}.*)?$/.exec(line) ?? []
      if (!atMs || !who || !what) throw new Error(`no line of a transcript: ${line}`)
      return { atMs: Number(atMs), who: who as Entry['who'], what }
    })
}

/** Does to an erased box with this image what the transcript says, and returns it with what the box really answered. */
export function replayTranscript(script: readonly Entry[], hex: string): Entry[] {
  const box = openSimulatedBox({ hex })
  const heard: Entry[] = []
  let text = ''
  box.onPower(() => {
    text = ''
  })
  box.onBytes((bytes) => {
    const lines = (text + Buffer.from(bytes).toString('latin1')).split('\n')
    text = lines.pop() ?? ''
    heard.push(...lines.map((what) => ({ atMs: Math.round(box.nowMs()), who: 'box' as const, what })))
  })
  for (const entry of script) {
    box.advance(Math.max(0, entry.atMs - box.nowMs()))
    if (entry.who === 'box') continue
    heard.push(entry)
    const [what, state] = entry.what.split(' ')
    if (entry.who === 'power' && what === 'off') box.powerOff()
    if (entry.who === 'power' && what === 'on') box.powerOn()
    if (entry.who === 'button') box.setClosed(state === 'down' ? [Number(what) as 1 | 2 | 3 | 4] : [])
    if (entry.who === 'host') box.write(what === '\\n' ? '\n' : `${entry.what}\n`)
  }
  box.advance(30)
  return heard.sort((a, b) => a.atMs - b.atMs)
}
