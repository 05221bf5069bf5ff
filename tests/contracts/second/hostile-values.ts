// Values, names and lengths at and just outside every border that WIRE.md names.

const HEX = '0123456789abcdef0123456789abcdef01234567'
export const HOSTILE: readonly unknown[] = [
  ...[0, -0, 1, -1, 2, 0.5, 1.5, -1.5, 3.0000000000000004, 5e-324, 1e21, 1.7976931348623157e308, 1 / 0, -1 / 0],
  ...[4, 5, 7, 8, 10, 11, 14, 15, 20, 21, 50, 51, 100, 101, 199, 200, 201, 255, 256],
  ...[2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 2, 2 ** 53 - 1, 2 ** 53, 2 ** 53 + 2, 1 - 2 ** 53, -(2 ** 53), 2 ** 64],
  ...[null, true, false, '', ' ', '0', '1', 'null', [], {}, [[]], [null], [1, 2], { a: 1 }, [['press', 1]]],
  ...[7, 8, 9, 15, 16, 17, 32, 33, 36, 37, 39, 40, 41].map((units) => HEX.slice(0, units).padEnd(units, 'a')),
  ...['a-b', '-ab', 'ab-', 'A', 'é', 'a_b', 'a b', 'a\n', '\n', 'ABCDEF01', '0123456g', '00000000-', '--------'],
  ...['00:00', '23:59', '24:00', '24:59', '1:00', '12:60', '12:5a', '٠١:٠٢', '12:30\n', ' 12:30', '12-30'],
  ...['press', 'answer', 'anchor', 'tick', 'alive', 'box', 'touch', 'kernel', 'exchange', 'unsynchronised'],
  ...['online', 'offline', 'normal', 'dim', 'trimmed', 'corrupt', 'poison', 'Europe/Prague', 'zh-Hant'],
  ...[20, 21, 40, 41, 60, 61, 199, 200, 201].map((units) => 'x'.repeat(units)),
  ...[
    '😀'.repeat(30),
    '😀'.repeat(31),
    '😀'.repeat(100),
    '😀'.repeat(101),
    `${'x'.repeat(199)}😀`,
    '\ud83d',
    '\0',
    '\u2028',
  ],
  ...['e\u0301'.repeat(100), 'e\u0301'.repeat(101), '👩‍👩‍👧‍👦'.repeat(18), '👩‍👩‍👧‍👦'.repeat(19), '\u0301'.repeat(201)],
]
/** Names that nobody knows, that JavaScript knows too well, and those at the borders of a counter's name. */
export const NAMES = [
  ...['__proto__', 'constructor', 'toString', 'length', 'hasOwnProperty', 'later', '', 'hash', 'a b', 'é', '0'],
  ...['x'.repeat(40), 'x'.repeat(41)],
]
/** Lengths of arrays at and just outside every border. */
export const LENGTHS = [0, 1, 2, 3, 4, 5, 7, 8, 14, 15, 20, 21, 50, 51, 100, 101, 102, 200, 201]
