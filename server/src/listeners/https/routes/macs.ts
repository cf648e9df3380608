import * as z from 'zod'
import { RequestError } from '../../../kernel/errors.ts'
import { normaliseMac } from '../../../kernel/mac-address.ts'
import type { Api } from '../api.ts'
import {
  importedMacsSchema,
  listQuerySchema,
  macImportSchema,
  macParameter,
  macPatchSchema,
  macSchema,
  newMacSchema,
  pageOf,
  unknownMacSchema,
} from '../model.ts'
import type { Mac, Services } from '../services.ts'

/** The MAC store. An address in a path or a body is taken in any format. */
export function macRoutes(app: Api, services: Services): void {
  const tags = ['macs']

  app.get(
    '/macs',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'List or search MAC addresses; a page of a search may be empty and have a next one',
        querystring: listQuerySchema,
        response: { 200: pageOf(macSchema) },
      },
    },
    (request) => services.macs.list(request.query),
  )

  app.get(
    '/macs/unknown',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'MAC addresses that asked and are not in the store',
        response: { 200: z.object({ items: z.array(unknownMacSchema).readonly() }) },
      },
    },
    async () => ({ items: await services.macs.unknown() }),
  )

  app.get(
    '/macs/:mac',
    {
      config: { role: 'viewer' },
      schema: { tags, summary: 'One MAC address', params: macParameter, response: { 200: macSchema } },
    },
    (request) => get(addressOf(request.params.mac)),
  )

  app.post(
    '/macs',
    {
      config: { role: 'operator' },
      schema: { tags, summary: 'Add a MAC address', body: newMacSchema, response: { 201: macSchema } },
    },
    async (request, reply) => {
      await services.macs.create(request.body)
      return reply.code(201).send(await get(addressOf(request.body.mac)))
    },
  )

  app.post(
    '/macs/import',
    {
      config: { role: 'operator' },
      schema: {
        tags,
        summary: 'Add or replace many MAC addresses, all or none',
        body: macImportSchema,
        response: { 200: importedMacsSchema },
      },
    },
    (request) => services.macs.import(request.body.items),
  )

  app.patch(
    '/macs/:mac',
    {
      config: { role: 'operator' },
      schema: {
        tags,
        summary: 'Change fields of a MAC address',
        params: macParameter,
        body: macPatchSchema,
        response: { 200: macSchema },
      },
    },
    async (request) => {
      const mac = addressOf(request.params.mac)
      await services.macs.change(mac, request.body)
      return await get(mac)
    },
  )

  app.delete(
    '/macs/:mac',
    {
      config: { role: 'operator' },
      schema: { tags, summary: 'Delete a MAC address', params: macParameter, response: { 204: z.null() } },
    },
    async (request, reply) => {
      await services.macs.remove(addressOf(request.params.mac))
      return reply.code(204).send(null)
    },
  )

  async function get(mac: string): Promise<Mac> {
    const found = await services.macs.get(mac)
    if (found === undefined) {
      throw new RequestError('mac-not-found', `There is no MAC address ${mac} in the MAC store.`, { mac })
    }
    return found
  }
}

function addressOf(text: string): string {
  const mac = normaliseMac(text)
  if (mac === undefined)
    throw new RequestError('mac-invalid', `"${text}" is not the MAC address of a device.`)
  return mac
}
