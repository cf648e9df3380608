import * as z from 'zod'
import type { Api } from '../api.ts'
import { principalOf } from '../guard.ts'
import { connectionSchema, madeFilesSchema, nameParameter, profileWishSchema } from '../model.ts'
import type { Services } from '../services.ts'

/** Connections as people get them, and the files they are handed out in. */
export function connectionRoutes(app: Api, services: Services): void {
  const tags = ['connections']

  app.get(
    '/connections',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'List connections, the forms each is handed out in, and what stands against one',
        response: { 200: z.object({ items: z.array(connectionSchema).readonly() }) },
      },
    },
    async () => ({ items: await services.connections.list() }),
  )

  app.post(
    '/connections/:name/files',
    {
      config: { role: 'operator' },
      schema: {
        tags,
        summary:
          "Make the files of one form, with the user's certificate where it needs one; they may hold secrets",
        params: nameParameter,
        body: profileWishSchema,
        response: { 200: madeFilesSchema },
      },
    },
    (request) => services.connections.make(request.params.name, request.body, principalOf(request).name),
  )
}
