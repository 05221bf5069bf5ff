/** Sign-in, one-time links and the users' page of the dashboard's production build in Chromium, on a real central's API. */

import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findPackageRoot } from '../../src/shared/package-root.ts'
import { type AccountApp, goodPassword, machine, openAccountApp } from '../central/accounts/account-app.ts'
import { findAxeViolations, hasChromium, measureOverflow, takeScreenshot } from '../support/browser.ts'
import { useBrowser } from '../support/use-pages.ts'

const desk = { width: 1024, height: 768 }
const views = [
  { width: 390, height: 844, colours: 'dark' },
  { width: 1280, height: 800, colours: 'light' },
] as const

describe.runIf(hasChromium)('accounts', { timeout: 60_000 }, () => {
  const visit = useBrowser()
  let world: AccountApp
  let url = ''
  beforeAll(async () => {
    world = await openAccountApp({ folder: join(findPackageRoot(import.meta.url), 'dist', 'dashboard') })
    url = await world.app.listen({ host: '127.0.0.1', port: 0 })
  })
  afterAll(() => world.close())

  const here = (link: string | null) => (link ?? '').replace('http://localhost:8080', url)
  const signedIn = async (view: Parameters<typeof visit>[1], path: string) => {
    const { email } = await world.signedIn('admin')
    const opened = await visit(url + path, view)
    await opened.page.getByLabel('Mail address').first().fill(email)
    await opened.page.getByLabel('Password').fill(goodPassword)
    await opened.page.getByRole('button', { name: 'Sign in' }).click()
    return { ...opened, email }
  }

  it('lets the first administrator in by a link, in their own words at each field', async () => {
    const { page } = await visit(url, desk)
    await page.getByRole('link', { name: 'Terminals' }).waitFor()
    await page.goto(here((await world.accounts.makeAdminLink(machine)).url))
    await page.getByRole('heading', { name: 'Your administrator account' }).waitFor()
    await page.getByLabel('Mail address').fill('ada@example.org')
    await page.getByLabel('Name').fill('Ada')
    await page.getByLabel('Password').fill('short')
    await page.getByRole('button', { name: 'Save and sign in' }).click()
    await page.getByText('Too short: at least 12 characters are needed.').waitFor()
    expect(await page.getByLabel('Name').inputValue()).toBe('Ada')
    await page.getByLabel('Password').fill(goodPassword)
    await page.getByRole('button', { name: 'Save and sign in' }).click()
    await page.getByRole('link', { name: 'Users' }).click()
    await page.getByRole('rowheader', { name: /Ada/ }).waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await page.getByRole('link', { name: 'Terminals' }).count()).toBe(0)
  })

  it.each(views)('sign-in is whole and accessible at $width px in $colours colours', async (view) => {
    await world.signedIn('admin')
    const { page, complaints } = await visit(`${url}/terminals`, view)
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await page.getByText('Forgot your password?').click()
    await takeScreenshot(page, `sign-in-${view.width}-${view.colours}`)
    expect(await measureOverflow(page)).toBe(0)
    expect((await findAxeViolations(page)).violations).toEqual([])
    expect(complaints).toEqual([])
    await page.getByLabel('Mail address').first().fill('nobody@example.org')
    await page.getByLabel('Password').fill('a wrong password')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('The mail address or the password is wrong.').waitFor()
    expect((await findAxeViolations(page)).violations).toEqual([])
  })

  it('goes on to the page that was wanted, and comes back when the session ends', async () => {
    const { page, email } = await signedIn(desk, '/terminals')
    await page.getByRole('heading', { name: 'Terminals', exact: true }).waitFor()
    const user = await world.temp.store.read.accounts.userByEmail(email)
    await world.temp.store.transact(({ accounts }) => accounts.removeSessionsOf(user?.id ?? ''))
    await page.getByRole('link', { name: 'Touchpoints' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  })

  it.each(views)('users are listed and invited at $width px in $colours colours', async (view) => {
    const { page, complaints } = await signedIn(view, '/users')
    await page.getByRole('table', { name: 'All users' }).waitFor()
    expect(await measureOverflow(page)).toBe(0)
    expect((await findAxeViolations(page)).violations).toEqual([])
    const email = `new-${view.width}@example.org`
    await page.getByLabel('Mail address').fill(email)
    await page.getByLabel('Name').fill(`New ${view.width}`)
    await page.getByLabel('Role', { exact: true }).selectOption('viewer')
    await page.getByRole('button', { name: 'Invite', exact: true }).click()
    const link = await page.locator('.one-time-link').textContent()
    await page.getByRole('rowheader', { name: new RegExp(email) }).waitFor()
    await takeScreenshot(page, `users-${view.width}-${view.colours}`)
    expect((await findAxeViolations(page)).violations).toEqual([])
    expect(complaints.filter((text) => !text.includes('401'))).toEqual([])
    const invited = await visit(here(link), { ...view, locale: 'fi-FI' })
    await invited.page.getByRole('heading', { name: 'Tervetuloa Smilepostiin' }).waitFor()
    await takeScreenshot(invited.page, `invitation-${view.width}-${view.colours}`)
    expect((await findAxeViolations(invited.page)).violations).toEqual([])
    await invited.page.getByLabel('Salasana').fill(goodPassword)
    await invited.page.getByRole('button', { name: 'Tallenna ja kirjaudu' }).click()
    await invited.page.getByRole('button', { name: 'Kirjaudu ulos' }).waitFor()
    expect(await invited.page.getByRole('link', { name: 'Käyttäjät' }).count()).toBe(0)
    await page.reload()
    await page.getByLabel(`Role of New ${view.width}`).selectOption('ops')
    await expect.poll(async () => (await world.temp.store.read.accounts.userByEmail(email))?.role).toBe('ops')
  })

  it('shows a viewer the total of the day and no face, and nothing to manage', async () => {
    const { cookies } = await world.signedIn('viewer')
    const { page, complaints } = await visit(url, desk)
    const value = cookies.get('smilepost-session') ?? ''
    await page.context().addCookies([{ name: 'smilepost-session', value, url }])
    await page.goto(`${url}/touchpoints/here`)
    await page.locator('[data-live-presses="3"]').waitFor()
    expect(await page.locator('.live-faces').isVisible()).toBe(false)
    expect(await page.getByRole('navigation', { name: 'Pages' }).getByRole('link').allTextContents()).toEqual([
      'Touchpoints',
    ])
    expect((await findAxeViolations(page)).violations).toEqual([])
    expect(complaints).toEqual([])
  })

  it('says that somebody else was faster', async () => {
    const { page, email } = await signedIn(desk, '/users')
    const other = await world.signedIn('viewer')
    await page.reload()
    await page.getByLabel('Role of Person').first().waitFor()
    const { id } = other
    await world.accounts.users.change(id, { role: 'ops' }, null, machine)
    const row = page.getByRole('row', { name: new RegExp(other.email) })
    await row.getByRole('button', { name: /Disable/ }).click()
    await page.getByText('Somebody else changed this user meanwhile').waitFor()
    expect((await world.temp.store.read.accounts.user(id))?.state).toBe('active')
    expect(email).not.toBe(other.email)
  })

  it('says when a link is no longer good', async () => {
    const { page } = await visit(`${url}/reset#${'x'.repeat(43)}`, desk)
    await page.getByRole('heading', { name: 'This link is no longer good' }).waitFor()
  })
})
