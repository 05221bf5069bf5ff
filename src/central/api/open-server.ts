import { AppError } from '../../shared/errors.ts'
import type { ApiApp } from './api-app.ts'

export type Server = { url: string; close(): Promise<void> }

/**
 * Lets an app listen.
 *
 * @param port 0 takes a free one
 * @throws AppError `address-taken` when another program has the port
 */
export async function openServer(app: ApiApp, { host, port }: { host: string; port: number }): Promise<Server> {
  try {
    const url = await app.listen({ host, port })
    return { url, close: () => app.close() }
  } catch (error) {
    await app.close()
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    throw new AppError(
      'address-taken',
      `another program already listens on ${host}:${port}; stop it, or set http.port in the configuration (0 takes a free port)`,
      { cause: error },
    )
  }
}
