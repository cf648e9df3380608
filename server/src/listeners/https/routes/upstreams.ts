import type { Api } from '../api.ts'
import { upstreamListSchema } from '../model.ts'
import type { Services } from '../services.ts'

/** Upstreams as they are seen at work; they are changed through the configuration. */
export function upstreamRoutes(app: Api, services: Services): void {
  app.get(
    '/upstreams',
    {
      config: { role: 'viewer' },
      schema: {
        tags: ['upstreams'],
        summary:
          'RADIUS servers requests are passed on to: state, counters, and accounting that waits for them',
        response: { 200: upstreamListSchema },
      },
    },
    () => services.upstreams.list(),
  )
}
