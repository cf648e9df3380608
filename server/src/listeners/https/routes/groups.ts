import * as z from 'zod'
import type { Api } from '../api.ts'
import { groupSchema, listQuerySchema, nameParameter, newGroupSchema, pageOf } from '../model.ts'
import type { Services } from '../services.ts'

export function groupRoutes(app: Api, services: Services): void {
  const tags = ['users']

  app.get(
    '/groups',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'List or search groups',
        querystring: listQuerySchema,
        response: { 200: pageOf(groupSchema) },
      },
    },
    (request) => services.groups.list(request.query),
  )

  app.post(
    '/groups',
    {
      config: { role: 'operator' },
      schema: { tags, summary: 'Add a group', body: newGroupSchema, response: { 204: z.null() } },
    },
    async (request, reply) => {
      await services.groups.create(request.body)
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/groups/:name',
    {
      config: { role: 'operator' },
      schema: { tags, summary: 'Delete a group', params: nameParameter, response: { 204: z.null() } },
    },
    async (request, reply) => {
      await services.groups.remove(request.params.name)
      return reply.code(204).send(null)
    },
  )
}
