import * as z from 'zod'
import type { Api } from '../api.ts'
import { nameParameter, trustedCaSchema } from '../model.ts'
import type { Services } from '../services.ts'

/** CAs trusted for client certificates, and what is known about revocation; changed through the configuration. */
export function trustRoutes(app: Api, services: Services): void {
  const tags = ['certificates']

  app.get(
    '/trust',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'Trusted CAs: purpose, revocation lists and responders',
        response: { 200: z.object({ items: z.array(trustedCaSchema).readonly() }) },
      },
    },
    async () => ({ items: await services.trust.list() }),
  )

  app.post(
    '/trust/:name/refresh',
    {
      config: { role: 'operator' },
      schema: {
        tags,
        summary: 'Fetch the revocation lists of a trusted CA now and ask its responders anew',
        params: nameParameter,
        response: { 200: trustedCaSchema },
      },
    },
    (request) => services.trust.refresh(request.params.name),
  )
}
