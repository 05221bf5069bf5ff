/** The touch page's production build in Chromium, behind a strict CSP, against a fixture of the daemon. */
import type { Page } from 'playwright-core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  findAxeViolations,
  hasChromium,
  measureOverflow,
  type PageOptions,
  takeScreenshot,
} from '../support/browser.ts'
import { type FixtureKiosk, fixtureSurvey, openFixtureKiosk } from '../support/fixture-kiosk.ts'
import { useBrowser } from '../support/use-pages.ts'

const screens = [
  [800, 480],
  [1280, 800],
  [480, 800],
] as const
const views = screens.flatMap(([width, height]) =>
  (['light', 'dark'] as const).map((colours) => ({ width, height, colours, isTouch: true })),
)
const small = { width: 800, height: 480, isTouch: true }
const question = 'How was your visit today?'

describe.runIf(hasChromium)('kiosk page', { timeout: 60_000 }, () => {
  const visitUrl = useBrowser()
  let kiosk: FixtureKiosk

  beforeEach(async () => {
    kiosk = await openFixtureKiosk()
  })
  afterEach(() => kiosk.close())

  const visit = (options: PageOptions) => visitUrl(kiosk.url, options)
  const waitForStored = (count: number) => expect.poll(() => kiosk.stored().length, { timeout: 10_000 }).toBe(count)
  const face = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

  it.each(views)('fits $width × $height in $colours colours, whole and accessible', async (view) => {
    const { page, complaints } = await visit(view)
    await page.getByRole('heading', { name: question }).waitFor()
    await takeScreenshot(page, `kiosk-${view.width}-${view.colours}`)
    expect(await measureOverflow(page)).toBe(0)
    for (const button of await page.getByRole('button').all()) {
      const box = await button.boundingBox()
      expect(box?.x).toBeGreaterThanOrEqual(0)
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(view.width)
      expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(view.height)
      expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(44)
    }
    const axe = await findAxeViolations(page)
    expect(axe.passes).toBeGreaterThan(10)
    expect(axe.violations).toEqual([])
    expect(complaints).toEqual([])
  })

  it('thanks for a finger and stores its value, then asks the next person', async () => {
    const { page } = await visit(small)
    await face(page, 'Unhappy').waitFor()
    const tappedAtMs = performance.now()
    await face(page, 'Unhappy').tap()
    await page.getByText('Thank you!').waitFor()
    await takeScreenshot(page, 'kiosk-thanks')
    await waitForStored(1)
    expect(kiosk.stored()[0]).toMatchObject({ question: 'visit', surveyRevision: 1, value: 1 })
    // Since the finger, not since 1970 or since the page came up long ago.
    expect(kiosk.stored()[0]?.ageMs).toBeLessThan(performance.now() - tappedAtMs)
    await page.getByText('Thank you!').waitFor({ state: 'hidden' })
    await page.getByRole('heading', { name: question }).waitFor()
  })

  it('takes keys 1 to 4 as the buttons of the box, and a held key once', async () => {
    const { page } = await visit(small)
    await face(page, 'Happy').waitFor()
    for (const key of ['1', '2', '3', '4', '5', 'x']) await page.keyboard.press(key)
    await page.keyboard.down('4')
    await page.keyboard.down('4')
    await page.keyboard.up('4')
    await waitForStored(5)
    expect(kiosk.stored().map((press) => press.value)).toEqual([3, 2, 1, 0, 0])
  })

  it('takes Enter on a face, as a screen reader or a keyboard presses it', async () => {
    const { page } = await visit(small)
    await face(page, 'Very unhappy').focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Space')
    await waitForStored(2)
    expect(kiosk.stored().map((press) => press.value)).toEqual([0, 0])
  })

  it('lets a child press twenty times, and nobody wait while thanks are shown', async () => {
    const { page } = await visit(small)
    for (let i = 0; i < 20; i += 1) await face(page, i % 2 === 0 ? 'Very happy' : 'Happy').tap()
    await waitForStored(20)
    expect(new Set(kiosk.stored().map((press) => press.id)).size).toBe(20)
    expect(kiosk.requests()).toBe(20)
  })

  it('keeps presses while the daemon fails, says so quietly, and stores each once', async () => {
    const { page } = await visit(small)
    kiosk.behave('failing')
    await face(page, 'Very happy').tap()
    await page.getByText('1 answer waiting to be saved').waitFor()
    await page.keyboard.press('4')
    await page.getByText('2 answers waiting to be saved').waitFor()
    expect((await findAxeViolations(page)).violations).toEqual([])
    kiosk.behave('well')
    await waitForStored(2)
    await page.getByText('waiting to be saved').waitFor({ state: 'hidden' })
    expect(kiosk.stored().map((press) => press.value)).toEqual([3, 0])
    expect(kiosk.stored()[0]?.ageMs).toBeGreaterThan(200)
  })

  it('repeats a press whose answer was lost with the same id', async () => {
    const { page } = await visit(small)
    kiosk.behave('silent')
    await face(page, 'Happy').tap()
    await expect.poll(() => kiosk.requests()).toBeGreaterThan(1)
    kiosk.behave('well')
    await expect.poll(() => page.locator('[data-waiting="0"]').count()).toBe(1)
    expect(kiosk.stored()).toHaveLength(1)
  })

  it('says thanks for a press of the box', async () => {
    const { page } = await visit(small)
    await face(page, 'Happy').waitFor()
    await expect
      .poll(async () => {
        kiosk.pressBox(3)
        return page.getByText('Thank you!').isVisible()
      })
      .toBe(true)
    expect(kiosk.stored()).toEqual([])
  })

  it('asks in the chosen language, and in the first again after 20 idle seconds', async () => {
    const { page } = await visit(small)
    await page.clock.install()
    await page.getByRole('button', { name: 'Suomi' }).tap()
    await page.getByRole('heading', { name: 'Millainen käyntisi oli tänään?' }).waitFor()
    await face(page, 'Erittäin tyytyväinen').waitFor()
    expect(await page.getAttribute('html', 'lang')).toBe('fi')
    await page.clock.runFor(15_000)
    await face(page, 'Tyytyväinen').tap()
    await page.getByText('Kiitos!').waitFor()
    await page.clock.runFor(15_000)
    await page.getByRole('heading', { name: 'Millainen käyntisi oli tänään?' }).waitFor()
    await page.clock.runFor(6_000)
    await page.getByRole('heading', { name: question }).waitFor()
    expect(await page.getAttribute('html', 'lang')).toBe('en')
  })

  it('is calm until it is set up, then follows the survey', async () => {
    kiosk.show(null)
    const { page, complaints } = await visit(small)
    await page.getByText('This terminal is being set up').waitFor()
    await takeScreenshot(page, 'kiosk-setting-up')
    expect((await findAxeViolations(page)).violations).toEqual([])
    kiosk.show({ ...fixtureSurvey, texts: [{ language: 'cs', text: 'Jak jste spokojeni?' }] })
    await page.getByRole('heading', { name: 'Jak jste spokojeni?' }).waitFor()
    await face(page, 'Velmi spokojeně').waitFor()
    expect(await page.getByRole('navigation').count()).toBe(0)
    kiosk.show({ ...fixtureSurvey, revision: 2 })
    await page.getByRole('heading', { name: question }).waitFor()
    await face(page, 'Happy').tap()
    await waitForStored(1)
    expect(kiosk.stored()[0]?.surveyRevision).toBe(2)
    expect(complaints).toEqual([])
  })

  it('shows five faces for a scale of five', async () => {
    kiosk.show({ ...fixtureSurvey, scaleMax: 4 })
    const { page } = await visit({ width: 480, height: 800, isTouch: true })
    await face(page, 'Neither').tap()
    await waitForStored(1)
    expect(kiosk.stored()[0]?.value).toBe(2)
    expect(await measureOverflow(page)).toBe(0)
  })

  it('keeps scrolling, selection, zoom and the context menu away', async () => {
    const { page } = await visit(small)
    await face(page, 'Happy').waitFor()
    const isTaken = (event: string) => page.evaluate<boolean>(`!document.querySelector('h1').dispatchEvent(${event})`)
    expect(await isTaken("new MouseEvent('contextmenu', { bubbles: true, cancelable: true })")).toBe(true)
    expect(await isTaken("new WheelEvent('wheel', { ctrlKey: true, bubbles: true, cancelable: true })")).toBe(true)
    expect(await isTaken("new Event('selectstart', { bubbles: true, cancelable: true })")).toBe(true)
    const style = await page.evaluate<string[]>(
      '(({ touchAction, userSelect, overflow }) => [touchAction, userSelect, overflow])(getComputedStyle(document.documentElement))',
    )
    expect(style).toEqual(['none', 'none', 'hidden'])
  })
})
