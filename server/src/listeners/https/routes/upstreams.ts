import * as z from 'zod'
import type { Api } from '../api.ts'
import { upstreamStatusSchema } from '../model.ts'
import type { Services } from '../services.ts'

/** Upstreams as they are seen at work; they are changed through the configuration. */
export function upstreamRoutes(app: Api, services: Services): void {
  app.get(
    '/upstreams',
    {
      config: { role: 'viewer' },
      schema: {
        tags: ['upstreams'],
        summary: 'RADIUS servers requests are passed on to: state and counters',
        response: { 200: z.object({ items: z.array(upstreamStatusSchema).readonly() }) },
      },
    },
    async () => ({ items: await services.upstreams.list() }),
  )
}
