import type { Api } from '../api.ts'
import { emptySchema, idParameter, pageOf, sessionQuerySchema, sessionSchema } from '../model.ts'
import type { Services } from '../services.ts'

export function sessionRoutes(app: Api, services: Services): void {
  app.get(
    '/sessions',
    {
      config: { role: 'viewer' },
      schema: {
        tags: ['sessions'],
        summary: 'Sessions as accounting reports them, newest first',
        querystring: sessionQuerySchema,
        response: { 200: pageOf(sessionSchema) },
      },
    },
    (request) => services.sessions.list(request.query),
  )

  app.post(
    '/sessions/:id/close',
    {
      config: { role: 'operator' },
      schema: {
        tags: ['sessions'],
        summary: 'End a session in the directory alone, because its device is gone; the device is not told',
        params: idParameter,
        body: emptySchema,
        response: { 200: emptySchema },
      },
    },
    async (request) => {
      await services.sessions.close(request.params.id)
      return {}
    },
  )
}
