import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { type OpenedPage, openBrowser, openPage, type PageOptions } from './browser.ts'
import { type FixtureCentral, openFixtureCentral } from './fixture-central.ts'

export type Visit = (url: string, options: PageOptions) => Promise<OpenedPage>

/** To be called once in a suite: one Chromium for all of its tests; the pages of each are closed at its end. */
export function useBrowser(): Visit {
  let browser: Browser
  const open: OpenedPage[] = []
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser.close())
  afterEach(async () => {
    await Promise.all(open.splice(0).map(({ close }) => close()))
  })
  return async (url, options) => {
    const opened = await openPage(browser, url, options)
    open.push(opened)
    return opened
  }
}

export type Dashboard = {
  /** Behaves well again for each test. */
  readonly central: FixtureCentral
  /** @param path of a page of the dashboard */
  visit: Visit
}

/** The same, with the dashboard over fixture figures. */
export function useDashboard(): Dashboard {
  const visit = useBrowser()
  let central: FixtureCentral
  beforeAll(async () => {
    central = await openFixtureCentral()
  })
  afterAll(() => central.close())
  afterEach(() => central.behave('well'))
  return {
    get central() {
      return central
    },
    visit: (path, options) => visit(central.url + path, options),
  }
}
