import * as z from 'zod'
import type { Api } from '../api.ts'
import { componentSchema, logLevelRequestSchema, logLevelsSchema } from '../model.ts'
import type { Services } from '../services.ts'

/** Log levels by component, changed for a limited time. */
export function logLevelRoutes(app: Api, services: Services): void {
  const tags = ['server']

  app.get(
    '/log-levels',
    {
      config: { role: 'viewer' },
      schema: { tags, summary: 'Log level of every component', response: { 200: logLevelsSchema } },
    },
    () => services.logLevels.levels(),
  )

  app.put(
    '/log-levels/:component',
    {
      config: { role: 'operator' },
      schema: {
        tags,
        summary: 'Change a log level for some minutes',
        params: z.object({ component: componentSchema }),
        body: logLevelRequestSchema,
        response: { 200: logLevelsSchema },
      },
    },
    async (request) => {
      const { level, minutes } = request.body
      await services.logLevels.set(request.params.component, level, services.clock.now() + minutes * 60_000)
      return await services.logLevels.levels()
    },
  )
}
