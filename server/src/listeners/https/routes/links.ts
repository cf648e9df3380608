import * as z from 'zod'
import type { Api } from '../api.ts'
import { principalOf } from '../guard.ts'
import { linkParameter, linkQuerySchema, linkSchema, madeLinkSchema, newLinkSchema } from '../model.ts'
import type { Services } from '../services.ts'

/** One-time links by which people fetch the file of a connection. */
export function linkRoutes(app: Api, services: Services): void {
  const tags = ['connections']

  app.get(
    '/links',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'List links without their secrets, the latest first',
        querystring: linkQuerySchema,
        response: { 200: z.object({ items: z.array(linkSchema).readonly() }) },
      },
    },
    async (request) => ({ items: await services.links.list(request.query.limit) }),
  )

  app.post(
    '/links',
    {
      config: { role: 'operator' },
      schema: {
        tags,
        summary: 'Make a link: whoever has it gets one file of the user, certificate and all',
        body: newLinkSchema,
        response: { 201: madeLinkSchema },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await services.links.create(request.body, principalOf(request).name)),
  )

  app.delete(
    '/links/:id',
    {
      config: { role: 'operator' },
      schema: {
        tags,
        summary: 'Delete a link that was not used',
        params: linkParameter,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await services.links.delete(request.params.id)
      return reply.code(204).send(null)
    },
  )
}
