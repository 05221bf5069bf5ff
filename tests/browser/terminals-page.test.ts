/** The terminals' pages of the dashboard's production build in Chromium: the list, and the ledger that proves custody. */
import { describe, expect, it } from 'vitest'
import { findAxeViolations, hasChromium, measureOverflow, takeScreenshot } from '../support/browser.ts'
import { fixtureTerminals } from '../support/fixture-ledgers.ts'
import { useDashboard } from '../support/use-pages.ts'

const views = [
  { width: 390, height: 844, colours: 'dark' },
  { width: 1024, height: 768, colours: 'light' },
  { width: 1600, height: 1000, colours: 'dark' },
] as const
const desk = { width: 1024, height: 768 }
const pathOf = (id: string) => `/terminals/${id}`

describe.runIf(hasChromium)('terminals', { timeout: 60_000 }, () => {
  const dashboard = useDashboard()
  const { visit } = dashboard

  it.each(views)('are listed at $width px in $colours colours, whole and accessible', async (view) => {
    const { page, complaints } = await visit('/terminals', view)
    await page.getByRole('table', { name: 'All terminals' }).waitFor()
    await takeScreenshot(page, `terminals-${view.width}-${view.colours}`)
    expect(await measureOverflow(page)).toBe(0)
    expect((await findAxeViolations(page)).violations).toEqual([])
    expect(complaints).toEqual([])
  })

  it.each(views)('show a ledger at $width px in $colours colours, whole and accessible', async (view) => {
    const { page, complaints } = await visit(pathOf(fixtureTerminals.broken), view)
    await page.getByText('No. 13 presses missing.').waitFor()
    for (const summary of await page.locator('main summary').all()) await summary.click()
    await takeScreenshot(page, `ledger-${view.width}-${view.colours}`)
    expect(await measureOverflow(page)).toBe(0)
    const axe = await findAxeViolations(page)
    expect(axe.passes).toBeGreaterThan(20)
    expect(axe.violations).toEqual([])
    expect(complaints).toEqual([])
  })

  it.each(views)('list a chain of a hundred at $width px in $colours colours', async (view) => {
    dashboard.central.behave('chain')
    const { page, complaints } = await visit('/terminals', view)
    await page.getByText('100 terminals').waitFor()
    await page.getByText('Figures and presses have not been compared yet.').waitFor()
    await takeScreenshot(page, `terminals-chain-${view.width}-${view.colours}`)
    const rows = page.getByRole('table', { name: 'All terminals' }).getByRole('row')
    expect(await rows.count()).toBe(101)
    await page.getByText('Offline: 13').waitFor()
    // Row 0 is the head, then one with missing presses and one that takes none.
    for (let row = 3; row <= 14; row += 1) await rows.nth(row).getByText('Offline').filter({ visible: true }).waitFor()
    expect(await rows.nth(15).getByText('Offline').count()).toBe(0)
    expect(await measureOverflow(page)).toBe(0)
    expect((await findAxeViolations(page)).violations).toEqual([])
    expect(complaints).toEqual([])
  })

  it('puts those with missing presses first, and says how many of how many', async () => {
    const { page } = await visit('/', desk)
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Terminals' }).click()
    const rows = page.getByRole('table', { name: 'All terminals' }).getByRole('row')
    await rows.nth(1).getByText('Tapiola, exit').waitFor()
    expect(await rows.count()).toBe(5)
    expect(await rows.nth(1).textContent()).toContain('Card copied')
    await page.getByText('13 presses missing, terminals concerned: 1.').waitFor()
    await page.getByText('Figures and presses were compared 5 hours ago: 2 days differ.').waitFor()
    expect(await rows.nth(1).getByRole('cell').allTextContents()).toContain('13')
    expect(await rows.filter({ hasText: 'Kallio, new' }).textContent()).toMatch(/Not placed.*Last heard: never/)
    await rows.nth(1).getByRole('link').click()
    await page.getByRole('heading', { level: 1, name: 'Tapiola, exit' }).waitFor()
    expect(await page.evaluate<string>('document.activeElement.id')).toBe('main')
  })

  it('prove a whole ledger by a sum that adds up, and say when the terminal said so', async () => {
    const { page } = await visit(pathOf(fixtureTerminals.whole), desk)
    await page.getByText('Yes. All 4,812 presses are stored, and each was counted once.').waitFor()
    await page.getByText('As the terminal said 3 minutes ago').waitFor()
    const table = page.getByRole('table', { name: /Pressed is stored, waiting, missing and put aside together/ })
    const figures = (await table.getByRole('cell').allTextContents()).filter((text) => text !== '')
    expect(figures).toEqual(['4,812', '4,812', '0', '0', '0'])
    await page
      .getByRole('row', { name: /Counted twice/ })
      .getByText('0', { exact: true })
      .waitFor()
    await page.getByText('Is this proven?').click()
    await page.getByText(/nothing is estimated/).waitFor()
  })

  it('say what is missing and why, what is on the way, and show both contents of a conflict', async () => {
    const { page } = await visit(pathOf(fixtureTerminals.broken), desk)
    const sum = page.getByRole('table', { name: /Pressed is stored/ })
    await sum.waitFor()
    const figures = (await sum.getByRole('cell').allTextContents()).filter((text) => text !== '')
    const [pressed, ...parts] = figures.map((text) => Number(text.replaceAll(',', '')))
    expect(parts.reduce((all, one) => all + one, 0)).toBe(pressed)

    const missing = page.getByRole('table', { name: 'What is missing' })
    expect(await missing.getByRole('row').nth(1).textContent()).toMatch(
      /17,201–17,210box 0000beef10.*make room on a full card.*3 days ago/,
    )
    expect(await missing.getByRole('row').nth(3).textContent()).toContain('touch page')
    const waiting = page.getByRole('table', { name: 'What is on the way' })
    expect(await waiting.getByRole('row').nth(2).textContent()).toMatch(/20,991–20,993.*3in the box/)
    const conflict = page.getByRole('table', { name: 'Record 41 of start 9f3c11aa02d4e5b7' })
    expect(await conflict.getByRole('row', { name: '≠ value 3 0' }).count()).toBe(1)
    expect(await conflict.getByRole('row', { name: /^question/ }).count()).toBe(1)
    await page.getByText('Two machines speak under this name').waitFor()
    await page
      .getByRole('row', { name: /Refused by a full box/ })
      .getByText('6', { exact: true })
      .waitFor()
  })

  it('say that one that is silent for days may know more', async () => {
    const { page } = await visit(pathOf(fixtureTerminals.away), desk)
    await page.getByText('So far, yes. Nothing is missing; 12 presses still on the way.').waitFor()
    await page.getByText(/As the terminal said 3 days ago.*It has been silent since then/).waitFor()
  })

  it('say what is wrong with a card or a clock, and what to do', async () => {
    const { page } = await visit(pathOf(fixtureTerminals.away), { width: 390, height: 844 })
    await page.getByRole('heading', { name: 'This terminal takes no presses' }).waitFor()
    await page.getByText('Records saved: 118; could not be read: 2.').waitFor()
    await page.getByRole('heading', { name: 'Its time zone rules are old' }).waitFor()
    await takeScreenshot(page, 'terminal-notices-390')
    expect(await measureOverflow(page)).toBe(0)
    expect((await findAxeViolations(page)).violations).toEqual([])
  })

  it('claim nothing of one that never spoke', async () => {
    const { page } = await visit(pathOf(fixtureTerminals.silent), desk)
    await page.getByText('this terminal has never spoken to the server').waitFor()
    expect(await page.getByRole('table').count()).toBe(0)
    expect((await findAxeViolations(page)).violations).toEqual([])
  })

  it.each(['fi-FI', 'zh-TW'])('speak %s', async (locale) => {
    const { page, complaints } = await visit(pathOf(fixtureTerminals.broken), { width: 390, height: 844, locale })
    await page.getByRole('table').first().waitFor()
    await takeScreenshot(page, `ledger-390-${locale}`)
    expect(await measureOverflow(page)).toBe(0)
    expect(await page.getByText('Is every press here?').count()).toBe(0)
    expect(complaints).toEqual([])
  })

  it('say what to do when the server fails, when there is none, and when an address leads nowhere', async () => {
    dashboard.central.behave('failing')
    const { page } = await visit('/terminals', desk)
    await page.getByText('The database is being restored; try again in a minute.').waitFor()
    dashboard.central.behave('empty')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('No terminals yet').waitFor()
    expect((await findAxeViolations(page)).violations).toEqual([])
    dashboard.central.behave('well')
    await page.goto(`${dashboard.central.url}/terminals/no-such`)
    await page.getByText('The terminal may have been removed').waitFor()
    await page.getByRole('link', { name: 'To all terminals' }).click()
    await page.getByRole('table', { name: 'All terminals' }).waitFor()
  })

  it('can be reached and read by keyboard', async () => {
    const { page } = await visit('/terminals', desk)
    await page.getByRole('table', { name: 'All terminals' }).waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.waitForURL(`**${pathOf(fixtureTerminals.broken)}`)
    await page.getByText('Is this proven?').focus()
    await page.keyboard.press('Enter')
    await page.getByText(/nothing is estimated/).waitFor()
  })
})
