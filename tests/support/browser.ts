/**
 * Chromium for the page tests, with axe and screenshots.
 *
 * `CHROMIUM_PATH` names the program; without it Debian's place is tried. Where there is none, the tests are left out
 * loudly on a developer's machine and fail where `CI=true`.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import axe from 'axe-core'
import { type Browser, chromium, type Page } from 'playwright-core'

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'

export const hasChromium = existsSync(executablePath)
if (!hasChromium) {
  const message = `Chromium is not at ${executablePath}: install it (apt-get install chromium) or set CHROMIUM_PATH`
  if (process.env.CI === 'true') throw new Error(message)
  console.warn(`PAGE TESTS ARE LEFT OUT. ${message}`)
}

export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

export type PageOptions = {
  width: number
  height: number
  colours?: 'light' | 'dark'
  locale?: string
  isTouch?: boolean
}

export type OpenedPage = { page: Page; complaints: string[]; close(): Promise<void> }

/** A page in a browser profile of its own; `complaints` fills with what it logs as an error, CSP violations among it. */
export async function openPage(browser: Browser, url: string, options: PageOptions): Promise<OpenedPage> {
  const context = await browser.newContext({
    viewport: { width: options.width, height: options.height },
    colorScheme: options.colours ?? 'light',
    locale: options.locale ?? 'en-GB',
    hasTouch: options.isTouch ?? false,
  })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.goto(url)
  return { page, complaints, close: () => context.close() }
}

type AxeResult = {
  violations: { id: string; help: string; nodes: { target: string[]; failureSummary: string }[] }[]
  passes: unknown[]
}

/** Runs axe in the page. Evaluated over the debugger, so the page's own CSP stays in force. */
export async function findAxeViolations(page: Page): Promise<{ violations: string[]; passes: number }> {
  await page.evaluate(axe.source)
  const result = await page.evaluate<AxeResult>(
    "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })",
  )
  const violations = result.violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')}: ${node.failureSummary}`),
  )
  return { violations, passes: result.passes.length }
}

const screenshots = process.env.SCREENSHOTS

/** Takes a screenshot of the whole page into the folder that `SCREENSHOTS` names; without one it takes none, since nobody would look. */
export async function takeScreenshot(page: Page, name: string): Promise<void> {
  if (screenshots) await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true })
}

/** Pixels by which the page is wider than its window; 0 when nothing sticks out. */
export function measureOverflow(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')
}
