import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, TLSSocket } from 'node:tls'
import { afterEach, expect, it, vi } from 'vitest'
import { openPinnedSocket } from '../../src/shared/pinned-socket.ts'
import { makeCertificate } from '../support/make-certificate.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

it('leaves who shows a key that can not be read, instead of throwing where nobody catches', async () => {
  const server = createServer(makeCertificate('broker', { host: '127.0.0.1' }), (socket) =>
    socket.on('error', () => {}),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // OpenSSL takes keys for a handshake that Node has no object for.
  const unreadable = {
    get publicKey(): never {
      throw new Error('unsupported')
    },
  }
  vi.spyOn(TLSSocket.prototype, 'getPeerX509Certificate').mockReturnValue(unreadable as never)
  const judge = vi.fn(() => true)
  const socket = openPinnedSocket({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, judge })
  await once(socket, 'close')
  expect(judge).not.toHaveBeenCalled()
  server.close()
})
