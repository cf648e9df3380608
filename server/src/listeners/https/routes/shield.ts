import * as z from 'zod'
import type { Api } from '../api.ts'
import { count, shieldedAccountSchema, shieldReleaseSchema } from '../model.ts'
import type { Services } from '../services.ts'

/** The lock-out shield of directories. */
export function shieldRoutes(app: Api, services: Services): void {
  app.get(
    '/shield',
    {
      config: { role: 'viewer' },
      schema: {
        tags: ['shield'],
        summary: 'Accounts of directories that wrong passwords come for, and the devices that send them',
        response: { 200: z.object({ items: z.array(shieldedAccountSchema).readonly() }) },
      },
    },
    async () => ({ items: await services.shield.list() }),
  )

  app.post(
    '/shield/release',
    {
      config: { role: 'operator' },
      schema: {
        tags: ['shield'],
        summary: 'Give the devices of an account, or one of them, another chance',
        body: shieldReleaseSchema,
        response: { 200: z.object({ released: count.describe('Accounts') }) },
      },
    },
    async (request) => ({ released: await services.shield.release(request.body) }),
  )
}
