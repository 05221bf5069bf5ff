import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { reportOf } from './report-of.ts'

const terminals = 'terminal,tz,open,close\na,Europe/Helsinki,,\nb,Asia/Jakarta,,\n'
const press = (rows: string) => `terminal,utc,button\n${rows}`

describe('rows that are no presses', () => {
  it('are named by line and column, left out and counted', async () => {
    const rows = [
      'a,2025-03-10T09:00:00Z,1',
      'a,2025-03-10T09:00:00Z,5',
      'a,2025-03-10T09:00:00Z,',
      'a,2025-03-10T09:00:00,1',
      'a,tomorrow,1',
      'a,1999-12-31T23:59:59Z,1',
      'ä,2025-03-10T09:00:00Z,1',
      'a,2025-03-10T09:00:00Z',
      'terminal,utc,button',
      'a,2025-03-10T09:00:00Z,"1',
      'b,2025-03-10T09:00:00Z,4',
    ]
    const { report, printed, faults } = await reportOf(press(rows.join('\n')), terminals)
    expect(report).toMatchObject({ presses: 2, skipped: 9, detections: [] })
    expect(printed).toEqual([
      'presses.csv:3:24: the button is 1 (very happy) to 4 (very unhappy), not "5"',
      'presses.csv:4:24: the button is 1 (very happy) to 4 (very unhappy), not ""',
      'presses.csv:5:3: "2025-03-10T09:00:00" has neither Z nor an offset such as +02:00',
      'presses.csv:6:3: "tomorrow" is no ISO 8601 time such as 2025-03-10T09:12:44Z',
      'presses.csv:7:3: "1999-12-31T23:59:59Z" is not within the years 2000 to 2100',
      'presses.csv:8:1: terminal "ä" has no row in terminals.csv',
      'presses.csv:9:1: 2 columns where the header has 3',
      'presses.csv:10:1: the header stands here once more',
      'presses.csv:11:24: this quote is never closed',
    ])
    expect(faults).toContain('2 × button, 1 × header again')
  })

  it('do not fill the screen', async () => {
    const { report, printed, faults } = await reportOf(press('c,2025-03-10T09:00:00Z,1\n'.repeat(1000)), terminals)
    expect(report.skipped).toBe(1000)
    expect(printed).toHaveLength(10)
    expect(faults).toBe('1000 × unknown terminal')
  })

  it('end everything at the first one in strict mode', async () => {
    const rows = 'a,2025-03-10T09:00:00Z,1\na,x,1\na,y,1'
    const report = reportOf(press(rows), terminals, { isStrict: true })
    await expect(report).rejects.toThrow(/^presses\.csv:3:3: "x" is no ISO 8601 time/)
  })

  it('print no control characters', async () => {
    const { printed } = await reportOf(press('a,\u001b[2Jboo,1'), terminals)
    expect(printed[0]).toContain('"\ufffd[2Jboo"')
  })
})

describe('a press file that is none', () => {
  it.each([
    ['', 'presses.csv:1:1: empty; expected a header with terminal,utc,button'],
    ['\ufeff\r\n\r\n', 'presses.csv:1:1: empty; expected a header'],
    [
      'terminal,utc\na,2025-03-10T09:00:00Z',
      'presses.csv:1:1: the header has no column "button" (it has: terminal, utc)',
    ],
    ['terminal;utc;button\n', 'columns are separated by commas'],
    ['terminal,utc,button,utc\n', 'presses.csv:1:21: the header names the column "utc" twice'],
  ])('%j is refused', async (text, message) => {
    await expect(reportOf(text, terminals)).rejects.toThrow(message)
  })

  it('in UTF-16 is told from one without columns', async () => {
    await expect(reportOf(Buffer.from('\ufeffterminal,utc,button\n', 'utf16le'), terminals)).rejects.toThrow('UTF-8')
  })

  it('cut off or damaged on its way as gzip is no report of half of it', async () => {
    const whole = gzipSync(press('a,2025-03-10T09:00:00Z,1\n'.repeat(5000)))
    expect((await reportOf(whole, terminals)).report.presses).toBe(5000)
    const cut = reportOf(whole.subarray(0, whole.length - 20), terminals)
    await expect(cut).rejects.toThrow('presses.csv: the gzip data end too early')
    const damaged = Buffer.concat([whole.subarray(0, 12), Buffer.alloc(40, 0xff), whole.subarray(52)])
    await expect(reportOf(damaged, terminals)).rejects.toThrow('presses.csv: the gzip data are damaged')
  })
})

describe('a press file with little in it', () => {
  it('no presses: every terminal is named', async () => {
    const { report } = await reportOf(press(''), terminals)
    expect(report).toMatchObject({ from: null, to: null, presses: 0, terminals: 2, detections: [] })
    expect(report.insufficient.map(({ terminal, presses, days }) => [terminal, presses, days])).toEqual([
      ['a', 0, 0],
      ['b', 0, 0],
    ])
  })

  it('no presses, but dates asked for', async () => {
    const { report } = await reportOf(press(''), terminals, { from: '2025-03-01', to: '2025-03-31' })
    expect(report).toMatchObject({ from: '2025-03-01', to: '2025-03-31', presses: 0 })
  })

  it('one day: no verdict, and the terminal without a press is named too', async () => {
    const rows = Array.from({ length: 12 }, (_, i) => `b,2025-03-10T${String(i).padStart(2, '0')}:00:00Z,2`)
    const { report } = await reportOf(press(rows.join('\n')), terminals)
    expect(report).toMatchObject({ from: '2025-01-14', to: '2025-03-10', presses: 12, detections: [] })
    const [a, b] = report.insufficient
    expect(a).toEqual({ terminal: 'a', presses: 0, days: 0, message: 'Too few presses to tell.' })
    expect(b).toMatchObject({ terminal: 'b', presses: 12, days: 1 })
    expect(b?.message).toMatch(/about \d+ more days/)
  })
})

describe('rows that are the same', () => {
  const twice = 'a,2025-03-10T09:00:00Z,1\na,2025-03-10T09:00:00Z,1\n'

  it('are two presses', async () => {
    expect((await reportOf(press(twice), terminals)).report).toMatchObject({ presses: 2, repeated: 0 })
  })

  it('are one press when their id repeats, the earliest; ids of other terminals and empty ones are no repeats', async () => {
    const rows = [
      'a,2025-03-11T09:00:00Z,1,x',
      'a,2025-03-10T09:00:00Z,2,x',
      'a,2025-03-12T09:00:00Z,3,x',
      'b,2025-03-10T09:00:00Z,1,x',
      'a,2025-03-10T09:00:00Z,1,',
      'a,2025-03-10T09:00:00Z,1,',
    ]
    for (const order of [rows, rows.toReversed()]) {
      const text = `terminal,utc,button,id\n${order.join('\n')}`
      expect((await reportOf(text, terminals)).report).toMatchObject({ presses: 4, repeated: 2, skipped: 0 })
      const early = await reportOf(text, terminals, { from: '2025-03-01', to: '2025-03-10' })
      expect(early.report).toMatchObject({ presses: 4, repeated: 2, outsidePeriod: 0 })
    }
  })
})

describe('misuse', () => {
  const at = (second: number, button: number) => `a,2025-03-10T09:00:${String(second).padStart(2, '0')}Z,${button}`

  it('is four presses in a row or more; on one button the first of four or five counts', async () => {
    const playing = [10, 11, 12, 13, 14, 15].map((second) => at(second, 1))
    const mixed = [30, 31, 32, 33].map((second, i) => at(second, 1 + (i % 2)))
    const impatient = [50, 51, 52, 53].map((second) => at(second, 4))
    const misuseOf = async (rows: string[]) => (await reportOf(press(rows.join('\n')), terminals)).report.misuse
    expect(await misuseOf(playing)).toBe(6)
    expect(await misuseOf(mixed)).toBe(4)
    expect(await misuseOf(impatient)).toBe(3)
    expect(await misuseOf([...playing, ...mixed, ...impatient])).toBe(13)
    expect(await misuseOf(playing.slice(0, 3))).toBe(0)
  })

  it('is told by the pace of the whole file: a busy exit is no play', async () => {
    const busy = Array.from(
      { length: 1200 },
      (_, i) => `a,${new Date(Date.UTC(2025, 2, 3, 9) + i * 3000).toISOString()},1`,
    )
    expect((await reportOf(press(busy.join('\n')), terminals)).report).toMatchObject({ presses: 1200, misuse: 0 })
    const period = { from: '2025-03-10', to: '2025-03-10' }
    const few = [10, 13, 16, 19].map((second) => at(second, 1))
    const among = await reportOf(press([...busy, ...few].join('\n')), terminals, period)
    expect(among.report).toMatchObject({ presses: 1204, misuse: 0, outsidePeriod: 1200 })
    expect((await reportOf(press(few.join('\n')), terminals)).report.misuse).toBe(3)
  })
})
