import { timingSafeEqual } from '@sallyport/bytes'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type AdminAccounts, csrfTokenOf, type Principal } from '../../admins/admin-accounts.ts'
import { allows, type Role } from '../../admins/role.ts'
import { BugError, RequestError } from '../../kernel/errors.ts'

/** Who may call a route: everybody, or whoever has at least the role. */
export type RouteRole = 'public' | Role

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every route declares one; registration fails without. */
    role?: RouteRole
  }
  interface FastifyInstance {
    /** `GET /api/v1/users` -> who may call it: what the guard enforces, for whoever wants to look. */
    routeRoles: Map<string, RouteRole>
  }
  interface FastifyRequest {
    principal: Principal | undefined
  }
}

/** `__Host-`: only over TLS, only for this very host, only for the whole path (RFC 6265bis section 4.1.3.2). */
export const SESSION_COOKIE = '__Host-sallyport'
export const CSRF_HEADER = 'x-csrf-token'

const SAFE_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS']
const encoder = new TextEncoder()

/**
 * Denies by default: a route without a declared role cannot be registered, and nobody's request body is read before
 * its sender is known to have that role.
 */
export function installGuard(app: FastifyInstance, accounts: Pick<AdminAccounts, 'authenticate'>): void {
  app.decorateRequest('principal', undefined)
  app.decorate('routeRoles', new Map())
  app.addHook('onRoute', (route) => {
    const role = route.config?.role
    if (role === undefined) {
      throw new BugError('route-without-role', `${route.method} ${route.url} declares no role`)
    }
    for (const method of [route.method].flat()) app.routeRoles.set(`${method} ${route.url}`, role)
  })
  app.addHook('onRequest', async (request) => {
    // A path without a route has no role either; its answer is 404 and nothing else.
    if (request.is404) return
    const needed = request.routeOptions.config.role
    if (needed === 'public') return
    const principal = await authenticate(request, accounts)
    request.principal = principal
    if (needed === undefined || !allows(principal.role, needed)) {
      throw new RequestError('not-permitted', `This needs the role ${needed}; yours is ${principal.role}.`)
    }
  })
}

/** The principal of a request on a route that is not public. */
export function principalOf(request: FastifyRequest): Principal {
  if (request.principal === undefined)
    throw new BugError('no-principal', 'a public route asked who is calling')
  return request.principal
}

async function authenticate(
  request: FastifyRequest,
  accounts: Pick<AdminAccounts, 'authenticate'>,
): Promise<Principal> {
  const bearer = bearerOf(request)
  const cookie = bearer === undefined ? sessionCookieOf(request) : undefined
  const token = bearer ?? cookie
  const principal = token === undefined ? undefined : await accounts.authenticate(token)
  if (principal === undefined) {
    throw new RequestError('not-authenticated', 'Log in, or send a valid token: "Authorization: Bearer ...".')
  }
  if (cookie !== undefined) refuseForgedRequest(request, cookie)
  return principal
}

/** A browser sends the cookie by itself, the header only if a page of ours set it. */
function refuseForgedRequest(request: FastifyRequest, cookie: string): void {
  if (SAFE_METHODS.includes(request.method)) return
  const header = request.headers[CSRF_HEADER]
  const sent = encoder.encode(typeof header === 'string' ? header : '')
  if (!timingSafeEqual(sent, encoder.encode(csrfTokenOf(cookie)))) {
    throw new RequestError(
      'csrf-token-missing',
      `Send the header ${CSRF_HEADER} with the value from the login.`,
    )
  }
}

function bearerOf(request: FastifyRequest): string | undefined {
  return /^Bearer ([\w-]{1,256})$/i.exec(request.headers.authorization ?? '')?.[1]
}

/** The token a browser sent by itself. */
export function sessionCookieOf(request: FastifyRequest): string | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = pair.trim().split('=', 2)
    if (name === SESSION_COOKIE && value !== undefined) return value
  }
  return undefined
}
