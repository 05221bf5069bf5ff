import type { Mutant } from './mutant.ts'

/** Broken between journal and host (PROTOCOL.md §9.2, §9.3, §14). */
export const custodyMutants: readonly Mutant[] = [
  {
    name: 'sequence-restarts-at-boot',
    file: 'lib/journal.c',
    find: '    const uint32_t highest = highest_sequence();\n',
    replace:
      '    uint32_t highest = highest_sequence();\n    uint8_t last;\n    bool is_marked = false;\n    if (highest && read_slot(slot_of(highest), &last, &is_marked) && is_marked) {\n        highest = 0;\n    }\n',
    caughtBy: 'the sequence goes on after a boot, also when all was delivered',
  },
  {
    name: 'forget-pending',
    file: 'lib/journal.c',
    find: '        journal->pending++;\n    }\n    journal->marked = journal->delivered;',
    replace: '    }\n    journal->delivered = highest;\n    journal->marked = highest;',
    caughtBy: 'an undelivered press outlives a power cut and comes with age -',
  },
  {
    name: 'delivered-never-marked',
    file: 'lib/journal.c',
    find: '    if (journal->marked != journal->delivered) {',
    replace: '    if (journal->marked > journal->delivered) {',
    caughtBy: 'a delivered press is marked and not sent after a boot',
  },
  {
    name: 'press-before-hello',
    file: 'lib/box_talk.c',
    find: '    if (!box->has_said_hello || !journal_oldest',
    replace: '    if (!journal_oldest',
    caughtBy: 'H comes before E after a boot',
  },
  {
    name: 'ack-crc-ignored',
    file: 'lib/line_parse.c',
    find: 'return told == crc16_of(bytes, *body_length) ? LINE_OK : LINE_CRC;',
    replace: 'return LINE_OK;',
    caughtBy: 'an ack with a wrong CRC has no effect',
  },
  {
    name: 'any-acked-sequence-accepted',
    file: 'lib/sender.c',
    find: '    if (sequence > sender->sent_upto) {\n        return false;\n    }\n',
    replace: '',
    caughtBy: 'an ack of what was not sent in this boot has no effect',
  },
  {
    name: 'ack-of-other-box-accepted',
    file: 'lib/box_talk.c',
    find: '!box->has_identity || ack->id != box->id',
    replace: '!box->has_identity',
    caughtBy: 'an ack of another box has no effect',
  },
  {
    name: 'ack-never-obeyed',
    file: 'lib/box_talk.c',
    find: '    journal_deliver(&box->journal, ack->sequence);\n',
    replace: '',
    caughtBy: 'an ack delivers its press, and the next one follows at once',
  },
  {
    name: 'status-2-taken-for-committed',
    file: 'lib/sender.c',
    find: '    if (status == LINE_ACK_NOT_NOW) {',
    replace: '    if (status == 1) {',
    caughtBy: 'status 2 keeps the press and slows its repeats down',
  },
  {
    name: 'resend-gives-up',
    file: 'lib/sender.c',
    find: '|| now - sender->sent_at >= sender->repeat_ms;',
    replace: '|| (now - sender->sent_at >= sender->repeat_ms && sender->repeat_ms < SENDER_LAST_REPEAT_MS);',
    caughtBy: 'repeats come after 150 ms, doubling to 2400 ms, and never end',
  },
  {
    name: 'repeats-without-pause',
    file: 'lib/sender.c',
    find: '        sender->repeat_ms = (uint16_t)(sender->repeat_ms * 2u);',
    replace: '        sender->repeat_ms = SENDER_FIRST_REPEAT_MS;',
    caughtBy: 'repeats come after 150 ms, doubling to 2400 ms, and never end',
  },
  {
    name: 'record-crc-ignored',
    file: 'lib/journal.c',
    find: 'crc16_of(record, SLOT_COVERED) != crc || ',
    replace: '(crc == 1 && sequence == 0) || ',
    caughtBy: 'a damaged or misplaced record is no press',
  },
]
