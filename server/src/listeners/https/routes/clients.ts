import * as z from 'zod'
import type { Api } from '../api.ts'
import { clientSchema, dropSchema, resolvedSchema, unknownClientSchema } from '../model.ts'
import type { Services } from '../services.ts'

/** RADIUS clients as they are seen at work; they are changed through the configuration. */
export function clientRoutes(app: Api, services: Services): void {
  const tags = ['clients']

  app.get(
    '/clients',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'RADIUS clients: resolved addresses, last seen, counters',
        response: { 200: z.object({ items: z.array(clientSchema).readonly() }) },
      },
    },
    async () => ({ items: await services.clients.list() }),
  )

  app.get(
    '/clients/unknown',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'Addresses that asked and are no RADIUS client',
        response: { 200: z.object({ items: z.array(unknownClientSchema).readonly() }) },
      },
    },
    async () => ({ items: await services.diagnostics.unknownClients() }),
  )

  app.get(
    '/drops',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'Packets left without an answer before a login began, by sender and reason',
        querystring: z.object({ client: z.exactOptional(z.string().max(253)) }),
        response: { 200: z.object({ items: z.array(dropSchema).readonly() }) },
      },
    },
    async ({ query }) => {
      const items = await services.diagnostics.drops()
      return {
        items: query.client === undefined ? items : items.filter(({ client }) => client === query.client),
      }
    },
  )

  app.post(
    '/clients/verify',
    {
      config: { role: 'operator', readOnly: true },
      schema: {
        tags,
        summary: 'What an address or DNS name resolves to now',
        body: z.strictObject({ address: z.string().min(1).max(253) }),
        response: { 200: resolvedSchema },
      },
    },
    (request) => services.clients.resolve(request.body.address),
  )
}
