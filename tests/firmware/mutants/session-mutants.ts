import type { Mutant } from './mutant.ts'

/** Broken in boots, identity and conversation (PROTOCOL.md §6, §8, §11, §14.5). */
export const sessionMutants: readonly Mutant[] = [
  {
    name: 'boot-number-stands-still',
    file: 'lib/number.c',
    find: '    return highest + 1;',
    replace: '    return highest ? highest : 1;',
    caughtBy: 'the boot number rises with each boot',
  },
  {
    name: 'watchdog-not-fed',
    file: 'src/board.c',
    find: '    wdt_reset();\n',
    replace: '',
    caughtBy: 'H comes every second, from one boot',
  },
  {
    name: 'wake-ignored',
    file: 'lib/box_talk.c',
    find: '        sender_rewind(&box->sender);\n        box->is_hello_due = true;\n',
    replace: '',
    caughtBy: 'W brings H at once and then the oldest press',
  },
  {
    name: 'bad-lines-not-counted',
    file: 'lib/box_talk.c',
    find: '        box_count(&box->bad);\n',
    replace: '',
    caughtBy: 'bad lines are counted, empty and inapplicable ones are not',
  },
  {
    name: 'empty-line-counted-as-bad',
    file: 'lib/box_talk.c',
    find: '    case LINE_EMPTY:\n        break;\n',
    replace: '',
    caughtBy: 'bad lines are counted, empty and inapplicable ones are not',
  },
  {
    name: 'press-taken-without-identity',
    file: 'lib/box.c',
    find: 'if (!box->has_identity || !journal_accept(',
    replace: 'if (!journal_accept(',
    caughtBy: 'without an identity it says N and refuses presses',
  },
  {
    name: 'second-identity-taken',
    file: 'lib/box_talk.c',
    find: '        if (!box->has_identity && box->assigned_id == 0) {',
    replace: '        if (box->assigned_id == 0) {',
    caughtBy: 'the first identity stays, over later ones and a boot',
  },
  {
    name: 'dim-is-bright',
    file: 'lib/lights.c',
    find: '    return lights->mode != LIGHTS_MODE_NORMAL;',
    replace: '    return lights->mode == LIGHTS_MODE_QUIET;',
    caughtBy: 'a dimmed light is driven for an eighth of the time',
  },
  {
    name: 'quiet-blinks',
    file: 'lib/lights.c',
    find: '    if (lights->mode != LIGHTS_MODE_QUIET) {\n',
    replace: '    {\n',
    caughtBy: 'quiet keeps the lights dark until a press, and a boot ends it',
  },
]
