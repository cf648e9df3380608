import type { Api } from '../api.ts'
import { supportBundleRequestSchema } from '../model.ts'
import type { Services } from '../services.ts'

/** For whoever is asked to help. */
export function supportBundleRoutes(app: Api, services: Services): void {
  app.post(
    '/support-bundle',
    {
      config: { role: 'admin' },
      schema: {
        tags: ['server'],
        summary: 'Versions, configuration, receipts, drops, metrics and health without secrets, as tar.gz',
        body: supportBundleRequestSchema,
      },
    },
    async (request, reply) => {
      const archive = await services.supportBundle.make(request.body)
      return reply.type('application/gzip').send(Buffer.from(archive))
    },
  )
}
