import type { FastifyRequest } from 'fastify'
import * as z from 'zod'
import { csrfTokenOf } from '../../../admins/admin-accounts.ts'
import { RequestError } from '../../../kernel/errors.ts'
import type { Api } from '../api.ts'
import { principalOf, SESSION_COOKIE, sessionCookieOf } from '../guard.ts'
import { loggedInSchema, loginSchema, meSchema, ownPasswordSchema } from '../model.ts'
import { RateLimit } from '../rate-limit.ts'
import type { Services } from '../services.ts'

const LOGINS_PER_MINUTE = 30
const COOKIE_ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Strict'

/** Password login, who am I, logout, own password. */
export function loginRoutes(app: Api, services: Services): void {
  const limit = new RateLimit(services.clock, LOGINS_PER_MINUTE)
  const refuseTooMany = async (request: FastifyRequest): Promise<void> => {
    const seconds = limit.take(request.ip)
    if (seconds > 0) throw tooManyTries(seconds)
  }

  app.post(
    '/login',
    {
      config: { role: 'public' },
      onRequest: refuseTooMany,
      bodyLimit: 8192,
      schema: {
        tags: ['login'],
        summary: 'Log in with a password',
        security: [],
        body: loginSchema,
        response: { 200: loggedInSchema },
      },
    },
    async (request, reply) => {
      const { name, password, cookie } = request.body
      const outcome = await services.accounts.login(name, password, request.ip)
      if (outcome.kind === 'wait') throw tooManyTries(outcome.seconds)
      if (outcome.kind === 'refused') {
        services.log.warn(
          { admin: name, address: request.ip, requestId: request.id },
          'Login of an administrator refused.',
        )
        throw new RequestError('login-refused', 'The name or the password is wrong.')
      }
      const { principal, token, expiresAt } = outcome
      request.principal = principal
      const common = { name: principal.name, role: principal.role, expiresAt }
      if (!cookie) return { ...common, token }
      reply.header('set-cookie', `${SESSION_COOKIE}=${token}; ${COOKIE_ATTRIBUTES}`)
      return { ...common, csrfToken: csrfTokenOf(token) }
    },
  )

  app.post(
    '/logout',
    {
      config: { role: 'viewer' },
      schema: { tags: ['login'], summary: 'End this login', response: { 204: z.null() } },
    },
    async (request, reply) => {
      await services.accounts.logout(principalOf(request))
      reply.header('set-cookie', `${SESSION_COOKIE}=; Max-Age=0; ${COOKIE_ATTRIBUTES}`)
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/me',
    {
      config: { role: 'viewer' },
      schema: { tags: ['login'], summary: 'Who is asking', response: { 200: meSchema } },
    },
    (request) => {
      const { name, role, via } = principalOf(request)
      const cookie = sessionCookieOf(request)
      return { name, role, via, ...(cookie === undefined ? {} : { csrfToken: csrfTokenOf(cookie) }) }
    },
  )

  app.put(
    '/me/password',
    {
      config: { role: 'viewer' },
      preValidation: refuseTooMany,
      schema: {
        tags: ['login'],
        summary: 'Change the own password; every login of the account ends',
        body: ownPasswordSchema,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { current, next } = request.body
      if (!(await services.accounts.changeOwnPassword(principalOf(request), current, next))) {
        throw new RequestError('not-permitted', 'The current password is wrong.')
      }
      return reply.code(204).send(null)
    },
  )
}

function tooManyTries(seconds: number): RequestError {
  return new RequestError('too-many-requests', `Too many tries: wait ${seconds} s.`, {
    retryAfterSeconds: seconds,
  })
}
