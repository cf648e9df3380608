import type { Api } from '../api.ts'
import { connectionLintSchema, lintReportSchema, lintRequestSchema, nameParameter } from '../model.ts'
import type { Services } from '../services.ts'

/** A mebibyte in base64 with its frame. */
const BODY_LIMIT = 1_500_000

/** Known traps in profiles. */
export function profileLintRoutes(app: Api, services: Services): void {
  const tags = ['connections']

  app.post(
    '/profile-lint',
    {
      bodyLimit: BODY_LIMIT,
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'Look for known traps in a profile of anybody; nothing of it is kept',
        body: lintRequestSchema,
        response: { 200: lintReportSchema },
      },
    },
    (request) => services.profileLint.file(request.body.content),
  )

  app.get(
    '/connections/:name/lint',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'Look for known traps in every form a connection is handed out in',
        params: nameParameter,
        response: { 200: connectionLintSchema },
      },
    },
    async (request) => ({ items: await services.profileLint.connection(request.params.name) }),
  )
}
