import { readFileSync } from 'node:fs'

/** /proc counts processor time in ticks of a hundredth of a second on every Linux that Node runs on. */
const tickMs = 10

type Usage = { atMs: number; cpuMs: number; rssMb: number }

function readUsage(pid: number): Usage {
  // The name in brackets may hold blanks; fields 14 and 15 are user and system time, counted from 1.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  const rssKb = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
  const cpuMs = (Number(fields[11]) + Number(fields[12])) * tickMs
  return { atMs: performance.now(), cpuMs, rssMb: rssKb / 1024 }
}

export type UsageSince = { seconds: number; cpuPercent: number; rssMb: number; grownMb: number }

/** Measures a process from now on: share of one core, and memory now and more than at the beginning. */
export function meterProcess(pid: number): () => UsageSince {
  const before = readUsage(pid)
  return () => {
    const now = readUsage(pid)
    const seconds = (now.atMs - before.atMs) / 1000
    const cpuPercent = (now.cpuMs - before.cpuMs) / (10 * seconds)
    return { seconds, cpuPercent, rssMb: now.rssMb, grownMb: now.rssMb - before.rssMb }
  }
}
