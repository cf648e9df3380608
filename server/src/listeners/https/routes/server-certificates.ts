import * as z from 'zod'
import type { Api } from '../api.ts'
import { serverCertificateSchema } from '../model.ts'
import type { Services } from '../services.ts'

/** What supplicants are shown; changed through the configuration, keys never come out. */
export function serverCertificateRoutes(app: Api, services: Services): void {
  app.get(
    '/server-certificates',
    {
      config: { role: 'viewer' },
      schema: {
        tags: ['certificates'],
        summary: 'Server certificates that are served now, and to whom',
        response: { 200: z.object({ items: z.array(serverCertificateSchema).readonly() }) },
      },
    },
    async () => ({ items: await services.serverCertificates.list() }),
  )
}
