/** The dashboard's production build in Chromium, behind a strict CSP, over fixture figures. */
import { describe, expect, it } from 'vitest'
import { findAxeViolations, hasChromium, measureOverflow, takeScreenshot } from '../support/browser.ts'
import { fixtureIds } from '../support/fixture-figures.ts'
import { useDashboard } from '../support/use-pages.ts'

const sizes = [
  [390, 844],
  [1024, 768],
  [1600, 1000],
] as const
const views = sizes.flatMap(([width, height]) =>
  (['light', 'dark'] as const).map((colours) => ({ width, height, colours })),
)
const desk = { width: 1024, height: 768 }
const touchpointPath = `/touchpoints/${fixtureIds.planted}`

describe.runIf(hasChromium)('dashboard', { timeout: 60_000 }, () => {
  const dashboard = useDashboard()
  const { visit } = dashboard

  it.each(views)('shows home at $width px in $colours colours, whole and accessible', async (view) => {
    const { page, complaints } = await visit('/', view)
    await page.getByRole('table', { name: 'All touchpoints' }).waitFor()
    await page.getByText('Too little data to tell').waitFor()
    await takeScreenshot(page, `home-${view.width}-${view.colours}`)
    expect(await measureOverflow(page)).toBe(0)
    const axe = await findAxeViolations(page)
    expect(axe.passes).toBeGreaterThan(20)
    expect(axe.violations).toEqual([])
    expect(complaints).toEqual([])
  })

  it.each(views)('shows a touchpoint at $width px in $colours colours, whole and accessible', async (view) => {
    const { page, complaints } = await visit(touchpointPath, view)
    await page.getByRole('img', { name: /by local hour and weekday/ }).waitFor()
    await page.getByText('Practically certain', { exact: true }).waitFor()
    for (const summary of await page.locator('main summary').all()) await summary.click()
    await takeScreenshot(page, `touchpoint-${view.width}-${view.colours}`)
    expect(await measureOverflow(page)).toBe(0)
    const axe = await findAxeViolations(page)
    expect(axe.passes).toBeGreaterThan(20)
    expect(axe.violations).toEqual([])
    expect(complaints).toEqual([])
  })

  it.each([
    {
      at: 'fading',
      width: 390,
      height: 844,
      colours: 'dark',
      locale: 'cs-CZ',
      says: /^V posledních dvou týdnech je mělčí/,
    },
    {
      at: 'over',
      width: 1024,
      height: 768,
      colours: 'light',
      locale: 'fi-FI',
      says: /^Näyttää olevan ohi 7. marraskuuta/,
    },
    {
      at: 'young',
      width: 1600,
      height: 1000,
      colours: 'light',
      locale: 'zh-TW',
      says: /^按鍵次數太少，無法判斷；.* 30 天/,
    },
    { at: 'folded', width: 390, height: 844, colours: 'light', locale: 'id-ID', says: /seluruh tempat \(Hakaniemi\)/ },
    {
      at: 'quiet',
      width: 1024,
      height: 768,
      colours: 'dark',
      locale: 'en-GB',
      says: /not one press where about 24 are usual/,
    },
  ] as const)(
    'shows the touchpoint $at at $width px in $locale, whole and accessible',
    async ({ at, says, ...view }) => {
      const { page, complaints } = await visit(`/touchpoints/${encodeURIComponent(fixtureIds[at])}`, view)
      await page.getByText(says).waitFor()
      await page.locator('.heat-map').waitFor()
      await takeScreenshot(page, `${at}-${view.width}-${view.colours}-${view.locale}`)
      expect(await measureOverflow(page)).toBe(0)
      expect((await findAxeViolations(page)).violations).toEqual([])
      expect(complaints).toEqual([])
    },
  )

  it('tells a dip of a whole store once, at the store', async () => {
    const { page } = await visit('/', desk)
    const entry = page.getByRole('listitem').filter({ hasText: 'Everywhere in this place' })
    expect(await entry.getByRole('heading').textContent()).toContain('Hakaniemi')
    expect(
      await page
        .locator('.dip-entries')
        .first()
        .getByRole('link', { name: /Hakaniemi/ })
        .count(),
    ).toBe(0)
    await page.goto(`${dashboard.central.url}/touchpoints/${fixtureIds.folded}`)
    await page.getByText('It is part of a dip of all of Hakaniemi, and is told there.').waitFor()
    expect(await page.locator('.dip-evidence').count()).toBe(1)
  })

  it('shows a dip with misuse left out beside the same with it counted', async () => {
    const { page } = await visit(touchpointPath, desk)
    const rows = page.getByRole('table', { name: 'With and without misuse' }).getByRole('row')
    expect(await rows.nth(1).innerText()).toMatch(/^Presses\s+812\s+840$/)
    expect(await rows.nth(2).innerText()).toMatch(/^Happy Index\s+58\s+57$/)
  })

  it('takes down since when a dip is fixed, by keyboard, and takes it back', async () => {
    const { page } = await visit(touchpointPath, desk)
    const date = page.getByLabel('We fixed it on')
    await date.fill('2100-01-01')
    await page.getByText('Choose a day up to today.').waitFor()
    await page.getByRole('button', { name: 'Enter' }).click()
    expect(await page.getByText('Fix entered').count()).toBe(0)
    await date.fill('2026-11-20')
    await date.press('Enter')
    await page.getByText('Not looked at yet').waitFor()
    await page.getByText(/A fix was entered as of 20 November/).waitFor()
    await page.getByRole('button', { name: 'Take it back' }).click()
    await date.waitFor()
  })

  it('says what became of a fix, with what is left of the dip', async () => {
    const { page } = await visit(`/touchpoints/${fixtureIds.fading}`, desk)
    const fact = (name: string) => page.locator('.fix .fact').filter({ hasText: name })
    expect(await fact('Did it work?').innerText()).toMatch(/Too early to say\s+about 6 more days/)
    expect(await fact('Left of the dip').innerText()).toMatch(/3 points\s+90% interval: -2 to 9/)
  })

  it('says that it is still looking as long as no night was computed', async () => {
    dashboard.central.behave('looking')
    const { page } = await visit('/', desk)
    await page.getByText('Still looking').waitFor()
    expect(await page.getByText('No hour stands out').count()).toBe(0)
    await page.goto(dashboard.central.url + touchpointPath)
    await page.getByText('All presses are being compared for the first time.', { exact: false }).waitFor()
  })

  it('ranks touchpoints with the worst dip first and leads to the dip', async () => {
    const { page } = await visit('/', desk)
    const names = page.getByRole('table', { name: 'All touchpoints' }).getByRole('rowheader')
    await names.first().getByText('Mon–Fri 10–11').waitFor()
    expect(await names.count()).toBe(12)
    expect(await names.nth(0).textContent()).toContain('Kamppi, Exit, ground floor')
    expect(await names.nth(1).textContent()).toContain('Every day 15–17')

    await names.first().getByRole('link').click()
    await page.getByRole('heading', { level: 1, name: 'Kamppi, Exit, ground floor' }).waitFor()
    await page.getByText(/Since about 19 October .* Monday to Friday 10–11/).waitFor()
    expect(new URL(page.url()).pathname).toBe(touchpointPath)
    expect(await page.evaluate<string>('document.activeElement.id')).toBe('main')
    expect(await page.title()).toContain('Kamppi')

    await page.goBack()
    await page.getByRole('heading', { level: 1, name: 'How are we doing?' }).waitFor()
  })

  it('shows a press soon, and tells it politely', async () => {
    const { page } = await visit(touchpointPath, desk)
    const count = page.locator('[data-live-presses]')
    await page.locator('[data-live-presses="66"]').waitFor()
    const pressedAtMs = performance.now()
    dashboard.central.press(fixtureIds.planted, 3)
    await page.locator('[data-live-presses="67"]').waitFor()
    process.stderr.write(`a press on the page after ${Math.round(performance.now() - pressedAtMs)} ms\n`)
    expect(await count.textContent()).toContain('67')
    expect(await page.getByRole('listitem').filter({ hasText: 'Very unhappy:' }).textContent()).toContain('10')
    await page.getByRole('status').filter({ hasText: '67 presses today' }).waitFor({ state: 'attached' })
  })

  it('has the numbers of every drawing in a table', async () => {
    const { page } = await visit(touchpointPath, desk)
    const behind = page.getByText('The numbers as a table')
    await behind.first().click()
    await behind.nth(1).click()
    const hours = page.getByRole('table', { name: 'Hour by hour' })
    expect(await hours.getByRole('row').count()).toBe(14)
    expect(await hours.getByRole('rowheader', { name: '10–11' }).count()).toBe(1)
    const titles = page.locator('.hour-profile .chart-hour title')
    expect(await titles.count()).toBe(13)
    expect(await titles.nth(2).textContent()).toMatch(/^10–11: \d+ \(\d+ to \d+\), \d+ presses$/)
    expect(
      await page
        .getByRole('table', { name: /Happy Index \(Presses\)/ })
        .getByRole('row')
        .count(),
    ).toBe(14)
  })

  it('shows the figures with and without misuse, and keeps the choice in the address', async () => {
    const { page } = await visit(touchpointPath, desk)
    await page.getByText('28 presses flagged as misuse, left out here.').waitFor()
    await page.getByRole('button', { name: 'Show with them' }).click()
    await page.getByText('28 presses flagged as misuse, counted here.').waitFor()
    expect(new URL(page.url()).searchParams.get('class')).toBe('raw')
    await page.reload()
    await page.getByRole('button', { name: 'Leave them out' }).click()
    await page.getByText('left out here.').waitFor()
  })

  it('asks for the period that is chosen and refuses one that ends before it begins', async () => {
    const { page } = await visit(touchpointPath, desk)
    await page.getByRole('button', { name: '4 weeks' }).click()
    await page.waitForURL(/from=2026-10-25&to=2026-11-21/)
    expect(await page.getByRole('button', { name: '4 weeks' }).getAttribute('aria-pressed')).toBe('true')
    await page.getByLabel('From').fill('2026-11-20')
    await page.getByLabel('To', { exact: true }).fill('2026-11-02')
    await page.getByText('The first day must not be after the last.').waitFor()
    await page.getByRole('button', { name: 'Show', exact: true }).click()
    expect(page.url()).toContain('from=2026-10-25')
    await page.getByLabel('From').fill('2026-11-01')
    await page.getByRole('button', { name: 'Show', exact: true }).click()
    await page.waitForURL(/from=2026-11-01&to=2026-11-02/)
  })

  it('speaks the language of the browser or the one chosen, and remembers it', async () => {
    const { page, complaints } = await visit('/', { ...desk, locale: 'fi-FI' })
    await page.getByRole('heading', { level: 1, name: 'Miten meillä menee?' }).waitFor()
    await page
      .getByText(/maanantai|Maanantai/)
      .first()
      .waitFor()
    expect(await page.getAttribute('html', 'lang')).toBe('fi')
    await page.getByLabel('Kieli').selectOption('cs')
    await page.getByRole('heading', { level: 1, name: 'Jak se nám daří?' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { level: 1, name: 'Jak se nám daří?' }).waitFor()
    expect(await page.getAttribute('html', 'lang')).toBe('cs')
    expect((await findAxeViolations(page)).violations).toEqual([])
    expect(complaints).toEqual([])
  })

  it('follows the system colours until the reader chooses, and remembers the choice', async () => {
    const { page } = await visit('/', { ...desk, colours: 'dark' })
    const ground = () => page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor')
    await page.getByRole('button', { name: 'Light colours' }).waitFor()
    expect(await ground()).toBe('rgb(15, 20, 26)')
    await page.getByRole('button', { name: 'Light colours' }).click()
    await page.getByRole('button', { name: 'Dark colours' }).waitFor()
    expect(await ground()).toBe('rgb(244, 246, 249)')
    await page.reload()
    await page.getByRole('button', { name: 'Dark colours' }).waitFor()
    expect(await ground()).toBe('rgb(244, 246, 249)')
  })

  it('can be used by keyboard: skip link first, then on to a touchpoint', async () => {
    const { page } = await visit('/', desk)
    await page.getByRole('table', { name: 'All touchpoints' }).waitFor()
    await page.keyboard.press('Tab')
    expect(await page.evaluate<string>('document.activeElement.textContent')).toBe('Skip to content')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.waitForURL(`**${touchpointPath}`)
    // The new page takes the focus once it is drawn; a Tab before that would start from the old one.
    await page.waitForFunction(
      "document.activeElement.tagName === 'MAIN' && document.querySelector('h1')?.textContent !== 'All touchpoints'",
    )
    await page.keyboard.press('Tab')
    expect(await page.evaluate<string>('document.activeElement.textContent')).toBe('All touchpoints')
  })

  it('says what to do when the server fails, and recovers', async () => {
    dashboard.central.behave('failing')
    const { page } = await visit('/', desk)
    await page.getByText('The database is being restored; try again in a minute.').waitFor()
    expect((await findAxeViolations(page)).violations).toEqual([])
    dashboard.central.behave('well')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('table', { name: 'All touchpoints' }).waitFor()
  })

  it('says what to do when there is nothing yet, or nothing at an address', async () => {
    dashboard.central.behave('empty')
    const { page } = await visit('/', desk)
    await page.getByText('No touchpoints yet').waitFor()
    dashboard.central.behave('well')
    for (const path of ['/touchpoints/no-such', '/nowhere', '/touchpoints/a/b']) {
      await page.goto(dashboard.central.url + path)
      await page.getByRole('heading', { level: 1, name: 'Nothing here' }).waitFor()
    }
    await page.getByRole('link', { name: 'To all touchpoints' }).click()
    await page.getByRole('heading', { level: 1, name: 'How are we doing?' }).waitFor()
  })

  it('makes no claim for a touchpoint with too little data', async () => {
    const { page } = await visit(`/touchpoints/${fixtureIds.young}`, desk)
    await page.getByText('Too few presses to tell; about 30 more days').waitFor()
    await page.getByText('too few days to give a range').waitFor()
    expect(await page.locator('.dip').count()).toBe(0)
  })

  it('prints on A4 without its controls', async () => {
    const { page } = await visit(touchpointPath, desk)
    await page.locator('.heat-map').waitFor()
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('.bar-choices').isVisible()).toBe(false)
    expect(await page.locator('form.period').isVisible()).toBe(false)
    expect(await page.locator('.hour-profile').isVisible()).toBe(true)
  })
})
