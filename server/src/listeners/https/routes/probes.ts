import * as z from 'zod'
import type { Api, ApiOptions } from '../api.ts'
import { healthSchema } from '../model.ts'
import type { Services } from '../services.ts'

/** What machines ask: alive, ready, metrics; and the health report for people. */
export function probeRoutes(app: Api, services: Services, options: Pick<ApiOptions, 'openMetrics'>): void {
  app.get(
    '/healthz',
    {
      config: { role: 'public' },
      schema: {
        tags: ['server'],
        summary: 'The process is alive',
        security: [],
        response: { 200: z.object({ status: z.literal('ok') }) },
      },
    },
    () => ({ status: 'ok' as const }),
  )

  app.get(
    '/readyz',
    {
      config: { role: 'public' },
      schema: {
        tags: ['server'],
        summary: 'RADIUS requests are answered',
        security: [],
        response: {
          200: z.object({ status: z.literal('ready') }),
          503: z.object({ status: z.literal('not-ready') }),
        },
      },
    },
    async (_request, reply) =>
      (await services.health.ready())
        ? reply.code(200).send({ status: 'ready' })
        : reply.code(503).send({ status: 'not-ready' }),
  )

  app.get(
    '/metrics',
    {
      config: { role: options.openMetrics ? 'public' : 'viewer' },
      schema: { tags: ['server'], summary: 'Prometheus metrics', response: { 200: z.string() } },
      serializerCompiler: () => String,
    },
    async (_request, reply) => {
      const text = await services.metrics.render()
      return reply.type(services.metrics.contentType).send(text)
    },
  )

  app.get(
    '/api/v1/health',
    {
      config: { role: 'viewer' },
      schema: { tags: ['server'], summary: 'State of every part', response: { 200: healthSchema } },
    },
    () => services.health.report(),
  )
}
