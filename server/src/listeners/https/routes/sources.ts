import * as z from 'zod'
import type { Api } from '../api.ts'
import { principalOf } from '../guard.ts'
import { nameParameter, sourceRefreshSchema, sourceStatusSchema } from '../model.ts'
import type { Services } from '../services.ts'

/** Identity sources others answer for, as they are seen at work; they are changed through the configuration. */
export function sourceRoutes(app: Api, services: Services): void {
  const tags = ['sources']

  app.get(
    '/sources',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'Identity sources others answer for: state, servers, and what an outage did to logins',
        response: { 200: z.object({ items: z.array(sourceStatusSchema).readonly() }) },
      },
    },
    async () => ({ items: await services.sources.list() }),
  )

  app.post(
    '/sources/:name/refresh',
    {
      config: { role: 'operator' },
      schema: {
        tags,
        summary: 'Ask a directory anew about a user or everybody, at logins and for live sessions',
        params: nameParameter,
        body: sourceRefreshSchema,
        response: { 202: z.null() },
      },
    },
    async (request, reply) => {
      await services.sources.refresh(request.params.name, request.body.user, principalOf(request).name)
      return reply.code(202).send(null)
    },
  )
}
