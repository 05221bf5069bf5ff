import { existsSync } from 'node:fs'
import { join, sep } from 'node:path'
import { fastifyStatic } from '@fastify/static'
import { accessFor } from './access.ts'
import type { ApiApp } from './api-app.ts'
import { sendProblem } from './problem.ts'

/** Paths that the page itself turns into views. */
const pageRoutes = [
  ...['/touchpoints/:id', '/terminals', '/terminals/:id'],
  ...['/sign-in', '/setup', '/invitation', '/reset', '/users'],
]
const assetsFolder = `${sep}assets${sep}`

/** Serves the built dashboard. Every file is known at the start, so no path of a request ever reaches the disk. */
export async function addDashboardFiles(app: ApiApp, folder: string): Promise<void> {
  if (!existsSync(join(folder, 'index.html'))) {
    for (const path of ['/', ...pageRoutes])
      app.get(path, accessFor('anyone'), async (_request, reply) =>
        sendProblem(reply, 503, 'The dashboard is not built; run npm run build.'),
      )
    return
  }
  await app.register(async (files) => {
    files.addHook('onRoute', (route) => {
      route.config = { ...route.config, access: 'anyone' }
    })
    await files.register(fastifyStatic, {
      root: folder,
      wildcard: false,
      cacheControl: false,
      setHeaders(reply, path) {
        // Names of built assets carry a hash of their content; everything else may change with the next version.
        const isHashed = path.includes(assetsFolder)
        reply.setHeader('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })
    for (const path of pageRoutes) files.get(path, async (_request, reply) => reply.sendFile('index.html'))
  })
}
