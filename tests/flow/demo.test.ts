/** The demo as a person runs it: what it prints, what its pages show, that keys press the box, and that Ctrl-C leaves nothing. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { slump, slumpShop } from '../../src/cli/demo/demo-chain.ts'
import type { DipReport } from '../../src/contracts/http/dips.ts'
import type { Ledger, TerminalList } from '../../src/contracts/http/terminals.ts'
import type { TouchpointList } from '../../src/contracts/http/touchpoints.ts'
import { hasChromium, openBrowser, openPage } from '../support/browser.ts'
import { type SmilepostProcess, startSmilepost, waitFor } from '../support/smilepost-process.ts'

const dayMs = 86_400_000
/** Its own, so that no other demo of this machine is taken for what this one left behind. */
const scratch = mkdtempSync(join(tmpdir(), 'smilepost-test-'))
const startDemo = () => startSmilepost(['demo'], { TMPDIR: scratch })
const demoFolders = () => readdirSync(scratch).filter((name) => name.startsWith('smilepost-demo-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

describe('npm run demo', () => {
  let demo: SmilepostProcess
  const urls: Record<string, string> = {}
  const startedAtMs = Date.now()

  const urlOf = (name: string): string => {
    const url = urls[name]
    if (!url) throw new Error(`the demo printed no ${name}`)
    return url
  }
  const read = async <T>(path: string): Promise<T> => {
    const answer = await fetch(`${urlOf('api')}${path}`)
    expect(answer.status).toBe(200)
    return (await answer.json()) as T
  }

  beforeAll(async () => {
    demo = startDemo()
    await demo.waitForOutput(/^ready$/m, 230_000)
    for (const [, name = '', url = ''] of demo.output().stdout.matchAll(/^(\w+) (\S+)$/gm)) urls[name] = url
  }, 240_000)
  afterAll(() => demo.end('SIGKILL'))

  it('prints where everything is', async () => {
    expect(Object.keys(urls)).toEqual(['dashboard', 'kiosk', 'box', 'api', 'broker'])
    expect(demo.output().stdout.trimEnd().endsWith('\nready')).toBe(true)
    expect(demo.output().stderr).toMatch(/presses of history came in through MQTT/)
    for (const name of ['dashboard', 'kiosk', 'box']) expect((await fetch(urlOf(name))).status, name).toBe(200)
  })

  it('brought ten weeks of twelve touchpoints in, complete by the ledger', async () => {
    const { touchpoints } = await read<TouchpointList>('/touchpoints')
    expect(touchpoints).toHaveLength(12)
    expect(Math.min(...touchpoints.map(({ summary }) => summary.presses))).toBeGreaterThan(5_000)
    const { terminals } = await read<TerminalList>('/terminals')
    const ledgers = await Promise.all(terminals.map(({ id }) => read<Ledger>(`/terminals/${id}/ledger`)))
    expect(ledgers).toHaveLength(13)
    for (const ledger of ledgers) expect(ledger).toMatchObject({ missing: [], repeated: 0, quarantined: 0, pending: 0 })
    for (const { pressed, stored } of ledgers) expect(stored).toBe(pressed)
    expect(ledgers.reduce((sum, { stored }) => sum + stored, 0)).toBeGreaterThan(200_000)
  })

  it('names the planted slump and no other', async () => {
    const { dips, fdr } = await read<DipReport>('/dips')
    const found = dips.filter(({ q }) => q <= fdr)
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({
      touchpoint: slumpShop,
      startHour: 10,
      endHour: 11,
      weekdays: slump.weekdays,
      state: 'confirmed',
    })
    const plantedMs = Date.parse(
      `${new Date(startedAtMs - (70 - slump.fromDay) * dayMs).toISOString().slice(0, 10)}T00:00:00Z`,
    )
    expect(Math.abs(Date.parse(`${found[0]?.onset}T00:00:00Z`) - plantedMs)).toBeLessThanOrEqual(7 * dayMs)
  })

  it.runIf(hasChromium)(
    'shows a press within seconds, from a key, the box page and the glass',
    async () => {
      const browser = await openBrowser()
      try {
        const { page } = await openPage(browser, `${urlOf('dashboard')}touchpoints/${slumpShop}`, {
          width: 1024,
          height: 900,
        })
        const count = page.locator('[data-live-presses]:not([data-live-presses=""])')
        await count.waitFor()
        const readCount = async () => Number(await count.getAttribute('data-live-presses'))
        const presses: [string, () => Promise<unknown>][] = [
          ['key', async () => demo.write('1')],
          ['box page', () => fetch(`${urlOf('box')}api/buttons/4`, { method: 'POST' })],
          ['glass', () => touchFace(browser, urlOf('kiosk'))],
        ]
        for (const [what, press] of presses) {
          const before = await readCount()
          const pressedAtMs = performance.now()
          await press()
          // Midnight in the shop begins a new count.
          await waitFor(`the ${what} press on the page`, 60_000, async () => {
            const now = await readCount()
            return now === before + 1 || (now > 0 && now < before)
          })
          process.stderr.write(`${what}: on the page after ${Math.round(performance.now() - pressedAtMs)} ms\n`)
        }
      } finally {
        await browser.close()
      }
    },
    240_000,
  )

  it('leaves nothing behind on Ctrl-C', async () => {
    expect(await demo.end('SIGINT')).toBe(0)
    expect(demoFolders()).toEqual([])
    for (const name of ['dashboard', 'kiosk', 'box']) await expect(fetch(urlOf(name))).rejects.toThrow()
    const own = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
    expect(own.split('\n').filter((line) => line.includes(scratch))).toEqual([])
  }, 120_000)
})

async function touchFace(browser: Browser, url: string): Promise<void> {
  const { page } = await openPage(browser, url, { width: 800, height: 480, isTouch: true })
  await page.getByRole('button', { name: /very happy/i }).tap()
}

describe('npm run demo, given up early', () => {
  it('leaves nothing behind on Ctrl-C while the history comes in', async () => {
    const demo = startDemo()
    await waitFor('the history to begin', 230_000, () => /history/.test(demo.output().stderr))
    expect(await demo.end('SIGINT')).toBe(0)
    expect(demo.output().stdout).toBe('')
    expect(demoFolders()).toEqual([])
  }, 300_000)
})
