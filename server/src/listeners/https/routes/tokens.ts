import * as z from 'zod'
import type { Api } from '../api.ts'
import { principalOf } from '../guard.ts'
import { idParameter, madeTokenSchema, newTokenSchema, tokenSchema } from '../model.ts'
import type { Services } from '../services.ts'

export function tokenRoutes(app: Api, services: Services): void {
  const tags = ['administrators']

  app.get(
    '/tokens',
    {
      config: { role: 'admin' },
      schema: {
        tags,
        summary: 'List API tokens',
        response: { 200: z.object({ items: z.array(tokenSchema) }) },
      },
    },
    async () => ({ items: await services.accounts.listTokens() }),
  )

  app.post(
    '/tokens',
    {
      config: { role: 'admin' },
      schema: {
        tags,
        summary: 'Make an API token',
        body: newTokenSchema,
        response: { 201: madeTokenSchema },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await services.accounts.addToken(principalOf(request), request.body)),
  )

  app.delete(
    '/tokens/:id',
    {
      config: { role: 'admin' },
      schema: { tags, summary: 'Revoke a token', params: idParameter, response: { 204: z.null() } },
    },
    async (request, reply) => {
      await services.accounts.removeToken(request.params.id)
      return reply.code(204).send(null)
    },
  )
}
