import { maxHeldEpochs } from '../../contracts/limits.ts'
import type { Hello, Welcome } from '../../contracts/messages.ts'
import type { StoreReader } from '../store/port.ts'

type Asking = { nonce: string; epoch: string; held?: Hello['held'] }

/** Epochs that a terminal said it holds in its last hello. */
function heldOf(hello: string | null): string[] {
  if (hello === null) return []
  return (JSON.parse(hello) as Hello).held.map((held) => held.epoch)
}

/**
 * The answer to a hello or a health: how far each epoch that the terminal holds is committed, 0 where nothing of it is here, and the time.
 * A health does not list the epochs, so those of the last hello count; thus an idle terminal, too, learns of a restored central.
 */
export async function makeWelcome(
  read: StoreReader,
  terminal: string,
  { nonce, epoch, held }: Asking,
  serverTime: number,
): Promise<Welcome> {
  const listed = held ? held.map((one) => one.epoch) : heldOf((await read.terminalState(terminal))?.hello ?? null)
  const marks = new Map((await read.cursors(terminal)).map((cursor) => [cursor.epoch, cursor.upTo]))
  const epochs = [...new Set([epoch, ...listed])].slice(0, maxHeldEpochs + 1)
  return { nonce, marks: epochs.map((name) => ({ epoch: name, upTo: marks.get(name) ?? 0 })), serverTime }
}
