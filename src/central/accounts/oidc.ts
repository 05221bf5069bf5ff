import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client'
import type { Refusal } from '../../contracts/http/refusal.ts'
import type { AccountRoom } from './account-room.ts'
import { refuse } from './refusal.ts'
import { makeSecret } from './secret.ts'

export type OidcOptions = {
  issuer: string
  clientId: string
  clientSecret: string
}
/** Who the provider says has signed in. */
export type OidcPerson = { ok: true; subject: string; email: string; isVerified: boolean; name: string | null }
type Flow = { state: string; nonce: string; verifier: string; expiresAtMs: number }

const flowMs = 10 * 60_000
/** Sign-ins that were begun and are not over; the oldest gives way. */
const mostFlows = 1_000
const patienceSeconds = 10

/** Plain HTTP shows a provider's answers to anybody, so that only one of this machine may speak it. */
const isLoopback = ({ protocol, hostname }: URL) =>
  protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname)

/**
 * Sign-in at an OpenID provider: authorization code with PKCE, state and nonce (OpenID Connect Core 3.1, RFC 9700 2.1.1). What is
 * begun belongs to one browser, which holds `binding` in a cookie, so that nobody can make another's browser finish it.
 */
export function makeOidc(
  { issuer, clientId, clientSecret }: OidcOptions,
  redirectUri: () => string,
  room: AccountRoom,
) {
  const { clock, logger, counters } = room
  const flows = new Map<string, Flow>()
  let found: Promise<Configuration> | null = null

  /** Looked for when somebody wants it, and again after a failure: the provider may start after us. */
  function provider(): Promise<Configuration> {
    const server = new URL(issuer)
    const options = { timeout: patienceSeconds, ...(isLoopback(server) ? { execute: [allowInsecureRequests] } : {}) }
    found ??= discovery(server, clientId, clientSecret, undefined, options).catch((error: unknown) => {
      found = null
      throw error
    })
    return found
  }

  function failed(error: unknown): Refusal {
    counters.add('oidc-refused')
    logger.warn({ error: String(error), cause: String((error as Error).cause ?? '') }, 'sign-in at the provider failed')
    return { ...refuse('refused', 'The sign-in at the provider was not completed; try again.'), code: 'provider' }
  }

  function prune(): void {
    for (const [binding, { expiresAtMs }] of flows)
      if (expiresAtMs <= clock.wallMs() || flows.size >= mostFlows) flows.delete(binding)
  }

  async function begin(): Promise<{ ok: true; url: string; binding: string } | Refusal> {
    try {
      const config = await provider()
      const [verifier, state, nonce, binding] = [randomPKCECodeVerifier(), randomState(), randomNonce(), makeSecret()]
      const url = buildAuthorizationUrl(config, {
        ...{ redirect_uri: redirectUri(), scope: 'openid email profile', response_type: 'code', state, nonce },
        ...{ code_challenge: await calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' },
      })
      prune()
      flows.set(binding, { state, nonce, verifier, expiresAtMs: clock.wallMs() + flowMs })
      return { ok: true, url: url.href, binding }
    } catch (error) {
      return failed(error)
    }
  }

  async function readPerson(config: Configuration, answer: URL, flow: Flow): Promise<OidcPerson> {
    const tokens = await authorizationCodeGrant(config, answer, {
      ...{
        pkceCodeVerifier: flow.verifier,
        expectedState: flow.state,
        expectedNonce: flow.nonce,
        idTokenExpected: true,
      },
    })
    const claims = tokens.claims()
    if (!claims) throw new Error('the provider sent no ID token')
    const { sub, iss } = claims
    // Many providers tell the address at the userinfo endpoint only.
    const facts = claims.email === undefined ? await fetchUserInfo(config, tokens.access_token, sub) : claims
    const { email, email_verified: isVerified, name } = facts
    return {
      ...{ ok: true, subject: `${iss} ${sub}`, email: typeof email === 'string' ? email : '' },
      ...{ isVerified: isVerified === true, name: typeof name === 'string' ? name : null },
    }
  }

  /**
   * @param query of the address that the provider sent the browser back to
   * @param binding from the browser's cookie; good for one try
   */
  async function finish(query: string, binding: string | null): Promise<OidcPerson | Refusal> {
    const flow = flows.get(binding ?? '')
    flows.delete(binding ?? '')
    if (!flow || flow.expiresAtMs <= clock.wallMs()) return failed('begun in another browser, long ago, or never')
    try {
      return await readPerson(await provider(), new URL(`${redirectUri()}${query}`), flow)
    } catch (error) {
      return failed(error)
    }
  }

  return { begin, finish }
}
