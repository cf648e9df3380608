import type { Api } from '../api.ts'
import { clientErrorParameter, clientErrorQuerySchema, clientErrorSchema } from '../model.ts'
import type { Services } from '../services.ts'

/** Codes that clients show when a connection fails. */
export function clientErrorRoutes(app: Api, services: Services): void {
  app.get(
    '/client-errors/:code',
    {
      config: { role: 'viewer' },
      schema: {
        tags: ['receipts'],
        summary: 'What the code means that a client shows, and what the server saw of that person meanwhile',
        params: clientErrorParameter,
        querystring: clientErrorQuerySchema,
        response: { 200: clientErrorSchema },
      },
    },
    (request) => services.clientErrors.explain(request.params.code, request.query),
  )
}
