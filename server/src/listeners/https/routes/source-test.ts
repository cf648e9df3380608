import type { Api } from '../api.ts'
import { nameParameter, sourceTestReportSchema, sourceTestSchema } from '../model.ts'
import type { Services } from '../services.ts'

/** Identity sources that others keep. */
export function sourceTestRoutes(app: Api, services: Services): void {
  app.post(
    '/sources/:name/test',
    {
      // It tries a password, so it is audited, and no matter of viewers.
      config: { role: 'operator' },
      schema: {
        tags: ['sources'],
        summary:
          'Go through an identity source step by step: DNS, TCP, TLS, bind, base DN, user, password, groups',
        params: nameParameter,
        body: sourceTestSchema,
        response: { 200: sourceTestReportSchema },
      },
    },
    (request) => services.sourceTests.test(request.params.name, request.body),
  )
}
