/** The names that travel: terminal, epoch, boot, box, touch press, question. */
import Type from 'typebox'
import { maxBoxSeq, maxInteger } from './limits.ts'

/** A terminal's name: MQTT user name, client id and topic level in one, so only characters that are safe in all three. */
export const TerminalId = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$' })
/** A random 64-bit value as 16 hex digits: the run of sequences that began with one start of the daemon. */
export const Epoch = Type.String({ pattern: '^[0-9a-f]{16}$' })
/** One boot of the terminal's machine, as the kernel names it (a UUID), or any hex name a simulator uses. */
export const BootId = Type.String({ pattern: '^[0-9a-f-]{8,36}$' })
/** A button box: 8 hex digits, given once (PROTOCOL.md). */
export const BoxId = Type.String({ pattern: '^[0-9a-f]{8}$' })
/** A touch press, named by the page that took it. */
export const TouchId = Type.String({ pattern: '^[0-9a-f-]{16,36}$' })
/** A question's short name. */
export const QuestionId = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$' })
/** Random words of one message or connection. */
export const Nonce = Type.String({ pattern: '^[0-9a-f]{8,32}$' })

export const Sequence = Type.Integer({ minimum: 1, maximum: maxInteger })
export const BoxSeq = Type.Integer({ minimum: 1, maximum: maxBoxSeq })
export const CountInteger = Type.Integer({ minimum: 0, maximum: maxInteger })
/** Milliseconds since boot. */
export const MonoMs = Type.Integer({ minimum: 0, maximum: maxInteger })
/** Epoch milliseconds, as a clock shows them; may be wrong, so any integer goes. */
export const EpochMs = Type.Integer({ minimum: -maxInteger, maximum: maxInteger })
