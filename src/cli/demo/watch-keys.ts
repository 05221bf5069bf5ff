import type { ReadStream } from 'node:tty'

const ctrlC = '\u0003'

/**
 * Presses a button for each 1–4 that is typed; without Enter where the input is a terminal.
 * Raw mode takes the signal away from Ctrl-C, so it is given back here.
 */
export function watchKeys(
  input: ReadStream & { fd: 0 },
  press: (button: 1 | 2 | 3 | 4) => void,
  onOther: (key: string) => void = () => {},
): { close(): void } {
  const onData = (bytes: Buffer) => {
    for (const key of bytes.toString('latin1')) {
      if (key === ctrlC) process.kill(process.pid, 'SIGINT')
      if (key === '1' || key === '2' || key === '3' || key === '4') press(Number(key) as 1 | 2 | 3 | 4)
      else onOther(key)
    }
  }
  if (input.isTTY) input.setRawMode(true)
  input.on('data', onData)
  return {
    close() {
      input.off('data', onData)
      if (input.isTTY) input.setRawMode(false)
      input.pause()
      input.unref?.()
    },
  }
}
