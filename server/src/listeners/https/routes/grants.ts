import * as z from 'zod'
import type { Api } from '../api.ts'
import { principalOf } from '../guard.ts'
import { grantActionQuerySchema, grantActionSchema, pageOf, recheckSchema } from '../model.ts'
import type { Services } from '../services.ts'

/** What changed facts mean for what is live. */
export function grantRoutes(app: Api, services: Services): void {
  const tags = ['grants']

  app.get(
    '/grants',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'What is to be done, and was done, to sessions because a fact changed; newest first',
        querystring: grantActionQuerySchema,
        response: { 200: pageOf(grantActionSchema) },
      },
    },
    (request) => services.grants.list(request.query),
  )

  app.post(
    '/grants/recheck',
    {
      config: { role: 'operator' },
      schema: {
        tags,
        summary: 'Decide live sessions again as if a fact had changed; answered once that is noted',
        body: recheckSchema,
        response: { 202: z.null() },
      },
    },
    async (request, reply) => {
      await services.grants.recheck(request.body, principalOf(request).name)
      return reply.code(202).send(null)
    },
  )
}
