import * as z from 'zod'
import type { Api } from '../api.ts'
import { gatewayCheckLineSchema, gatewaySchema, nameParameter, profileFileSchema } from '../model.ts'
import type { Services } from '../services.ts'

/** VPN gateways, switches and access points: their settings, and what was seen from them. */
export function gatewayRoutes(app: Api, services: Services): void {
  const tags = ['gateways']

  app.get(
    '/gateways',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'List gateways, and what stands against writing their settings',
        response: { 200: z.object({ items: z.array(gatewaySchema).readonly() }) },
      },
    },
    async () => ({ items: await services.gateways.list() }),
  )

  app.get(
    '/gateways/:name/check',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'What was seen of a gateway: logins, secrets, accounting, CoA, and what to do about it',
        params: nameParameter,
        response: { 200: z.object({ items: z.array(gatewayCheckLineSchema).readonly() }) },
      },
    },
    async (request) => ({ items: await services.gateways.check(request.params.name) }),
  )

  app.post(
    '/gateways/:name/files',
    {
      // RADIUS secrets stand in them.
      config: { role: 'admin' },
      schema: {
        tags,
        summary: 'Make the settings of a gateway; they hold its RADIUS secrets',
        params: nameParameter,
        body: z.strictObject({}),
        response: { 200: z.object({ files: z.array(profileFileSchema).readonly() }) },
      },
    },
    async (request) => ({ files: await services.gateways.make(request.params.name) }),
  )
}
