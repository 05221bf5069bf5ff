import type { Mutant } from './mutant.ts'

/** Broken between finger and journal (PROTOCOL.md §9.1, §9.4, §12, §13). */
export const pressMutants: readonly Mutant[] = [
  {
    name: 'no-debounce',
    file: 'lib/debounce.h',
    find: '#define DEBOUNCE_DOWN_MS 10u\n#define DEBOUNCE_UP_MS 25u\n',
    replace: '#define DEBOUNCE_DOWN_MS 1u\n#define DEBOUNCE_UP_MS 1u\n',
    caughtBy: 'a bouncing contact presses once',
  },
  {
    name: 'closing-not-debounced',
    file: 'lib/debounce.c',
    find: 'if (is_raw_down && steady_ms >= DEBOUNCE_DOWN_MS) {',
    replace: 'if (is_raw_down) {',
    caughtBy: 'a contact closed for 5 ms is no press',
  },
  {
    name: 'release-not-debounced',
    file: 'lib/debounce.c',
    find: '} else if (!is_raw_down && steady_ms >= DEBOUNCE_UP_MS) {',
    replace: '} else if (!is_raw_down) {',
    caughtBy: 'a short break of the contact is no second press',
  },
  {
    name: 'buttons-up-at-boot',
    file: 'lib/debounce.c',
    find: '(struct debounce){.raw = ALL_BUTTONS, .down = ALL_BUTTONS};',
    replace: '(struct debounce){.raw = 0};',
    caughtBy: 'a button held over power-up does not press',
  },
  {
    name: 'stuck-not-masked',
    file: 'lib/debounce.c',
    find: '        debounce->masked |= bit;\n        events->stuck |= bit;',
    replace:
      '        debounce->down_at[i] = now;\n        debounce->down &= (uint8_t)~bit;\n        events->stuck |= bit;',
    caughtBy: 'a stuck button is told once and then masked',
  },
  {
    name: 'chord-flag-missing',
    file: 'lib/box.c',
    find: 'events.chord & bit ? JOURNAL_FLAG_CHORD : 0',
    replace: '0',
    caughtBy: 'both presses of a chord are flagged, a lone one is not',
  },
  {
    name: 'green-before-commit',
    file: 'lib/box.c',
    find: '    lights_show(&box->lights, LIGHTS_TICK, now);\n',
    replace:
      '    lights_show(&box->lights, LIGHTS_TICK, now);\n    lights_show(&box->lights, LIGHTS_COMMITTED, now);\n',
    caughtBy: 'green and the line come after the commit, the tick before',
  },
  {
    name: 'finished-before-the-last-byte-is',
    file: 'lib/writer.c',
    find: '    writer->position++;\n    return false;\n',
    replace:
      '    writer->position++;\n    if (writer->position == writer->length) {\n        writer->length = 0;\n        return true;\n    }\n    return false;\n',
    caughtBy: 'green and the line come after the commit, the tick before',
  },
  {
    name: 'commit-byte-written-first',
    file: 'lib/writer.c',
    find: '    port_eeprom_write((uint16_t)(writer->address + writer->position), writer->bytes[writer->position]);',
    replace:
      '    const uint8_t at = (uint8_t)(writer->length - 1 - writer->position);\n    port_eeprom_write((uint16_t)(writer->address + at), writer->bytes[at]);',
    caughtBy: 'the last CRC byte of a record is written last',
  },
  {
    name: 'full-journal-overwrites',
    file: 'lib/journal.c',
    find: 'journal->accepted - journal->delivered >= LAYOUT_SLOTS || ',
    replace: '',
    caughtBy: 'a full journal refuses, red and counted, and overwrites nothing',
  },
  {
    name: 'refusal-not-counted',
    file: 'lib/box.c',
    find: '        box_count(&box->dropped);\n',
    replace: '',
    caughtBy: 'a full journal refuses, red and counted, and overwrites nothing',
  },
  {
    name: 'age-stands-still',
    file: 'lib/box_talk.c',
    find: '? UINT32_MAX : now - press->pressed_at,',
    replace: '? UINT32_MAX : 30 + (now & 0),',
    caughtBy: 'an age grows from repeat to repeat',
  },
]
