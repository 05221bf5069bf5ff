import { SingleBar } from 'cli-progress'

/** `all` is null where nobody knows how much is to come: then what is done is shown alone. */
export type Progress = { set(done: number, all: number | null): void; end(): void }

const silent: Progress = { set: () => {}, end: () => {} }

/** A bar on stderr where a person looks at it, nothing else where a program reads. */
export function showProgress(label: string, unit: string): Progress {
  if (!process.stderr.isTTY) return silent
  let bar: SingleBar | null = null
  const begin = (all: number | null): SingleBar => {
    const counted = all === null ? '{value}' : '[{bar}] {percentage} %  {value} of {total}'
    const begun = new SingleBar({
      format: `${label}  ${counted} ${unit}`,
      stream: process.stderr,
      barCompleteChar: '#',
      barIncompleteChar: '-',
      barsize: 24,
      // What is switched off here would stay off when Ctrl-C ends the command.
      hideCursor: false,
      linewrap: true,
    })
    begun.start(all ?? 0, 0)
    return begun
  }
  return {
    set(done, all) {
      bar ??= begin(all)
      bar.setTotal(all ?? done)
      bar.update(done)
    },
    end() {
      bar?.stop()
      bar = null
    },
  }
}
