import type { BoxEvent } from './open-box.ts'

export type BoxReport = {
  device(path: string): void
  ready(): void
  event(device: string, event: BoxEvent): void
  /** For a person alone. */
  note(text: string): void
  /** What did not work, and nothing ends by it. */
  failed(text: string): void
}

/** What `smilepost box` prints: lines for a person, or with `--json` one JSON object a line and nothing else. */
export function makeBoxReport({ isJson, speed }: { isJson: boolean; speed: number }): BoxReport {
  const print = (line: string) => process.stdout.write(`${line}\n`)
  const failed = (line: string) => process.stderr.write(`${line}\n`)
  const behind = makeBehindReport(speed, failed)
  if (isJson)
    return {
      device: (path) => print(JSON.stringify({ event: 'device', device: path })),
      ready: () => print(JSON.stringify({ event: 'ready' })),
      event: (device, { event, ...rest }) => print(JSON.stringify({ event, device, ...rest })),
      note: () => {},
      failed,
    }
  return {
    device: (path) => print(`device ${path}`),
    ready: () => print('ready'),
    event(device, event) {
      if (event.event === 'behind') behind(device, event)
      else if (event.event === 'commit') print(`commit ${device} ${formatCommit(event)}`)
      else if (event.event === 'step') print(`step ${device} ${event.number} ${event.do}`)
      else if (event.event === 'power') print(`power ${device} ${event.isOn ? 'on' : 'off'}`)
      else if (event.event === 'scenario-done') print(`scenario-done ${device}`)
    },
    note: print,
    failed,
  }
}

function formatCommit({ boxId, sequence, button, stuck, chord }: Extract<BoxEvent, { event: 'commit' }>): string {
  return `${boxId} ${sequence} button ${button}${stuck ? ' stuck' : ''}${chord ? ' chord' : ''}`
}

type Behind = Extract<BoxEvent, { event: 'behind' }>

const sayBehindEveryMs = 5000

/** Now and then, with the speed that was reached since the time before. */
function makeBehindReport(speed: number, print: (line: string) => void) {
  const last = new Map<string, Behind & { saidAtMs: number }>()
  return (device: string, behind: Behind): void => {
    const saidAtMs = performance.now()
    const before = last.get(device)
    if (before && saidAtMs - before.saidAtMs < sayBehindEveryMs) return
    last.set(device, { ...behind, saidAtMs })
    const passedMs = behind.atMs - (before?.atMs ?? 0)
    const leftOutMs = behind.leftOutMs - (before?.leftOutMs ?? 0)
    const reached = ((speed * passedMs) / (passedMs + leftOutMs)).toFixed(2)
    print(`behind ${device}: ${leftOutMs.toFixed(0)} ms left out, ran at ${reached} instead of ${speed}`)
  }
}
