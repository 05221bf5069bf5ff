import { SingleBar } from 'cli-progress'

export type Progress = { set(done: number, all: number): void; end(): void }

const silent: Progress = { set: () => {}, end: () => {} }

/** A bar on stderr where a person looks at it, nothing else where a program reads. */
export function showProgress(label: string, unit: string): Progress {
  if (!process.stderr.isTTY) return silent
  const bar = new SingleBar({
    format: `${label}  [{bar}] {percentage} %  {value} of {total} ${unit}`,
    stream: process.stderr,
    barCompleteChar: '#',
    barIncompleteChar: '-',
    hideCursor: true,
  })
  let isShown = false
  return {
    set(done, all) {
      if (!isShown) bar.start(all, done)
      isShown = true
      bar.setTotal(all)
      bar.update(done)
    },
    end() {
      if (isShown) bar.stop()
    },
  }
}
