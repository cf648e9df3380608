import type { Api } from '../api.ts'
import { principalOf } from '../guard.ts'
import {
  idParameter,
  pageOf,
  sessionActionQuerySchema,
  sessionActionRequestSchema,
  sessionActionResultSchema,
  sessionActionSchema,
} from '../model.ts'
import type { Services } from '../services.ts'

/** CoA and Disconnect: what devices are told about their sessions. */
export function sessionActionRoutes(app: Api, services: Services): void {
  const tags = ['sessions']

  app.post(
    '/sessions/:id/actions',
    {
      config: { role: 'operator' },
      schema: {
        tags,
        summary:
          'Disconnect, re-authenticate, bounce the port of, or change a session; answers when its device did',
        params: idParameter,
        body: sessionActionRequestSchema,
        response: { 200: sessionActionResultSchema },
      },
    },
    (request) => services.sessionActions.act(request.params.id, request.body, principalOf(request).name),
  )

  app.get(
    '/session-actions',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'What devices were told about their sessions, and what they said, the latest first',
        querystring: sessionActionQuerySchema,
        response: { 200: pageOf(sessionActionSchema) },
      },
    },
    (request) => services.sessionActions.list(request.query),
  )
}
