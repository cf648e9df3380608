import * as z from 'zod'
import { RequestError } from '../../../kernel/errors.ts'
import type { Api } from '../api.ts'
import { adminPatchSchema, adminSchema, nameParameter, newAdminSchema } from '../model.ts'
import type { Services } from '../services.ts'

export function adminRoutes(app: Api, services: Services): void {
  const tags = ['administrators']

  app.get(
    '/admins',
    {
      config: { role: 'admin' },
      schema: {
        tags,
        summary: 'List administrators',
        response: { 200: z.object({ items: z.array(adminSchema) }) },
      },
    },
    async () => ({ items: await services.accounts.list() }),
  )

  app.post(
    '/admins',
    {
      config: { role: 'admin' },
      schema: { tags, summary: 'Add an administrator', body: newAdminSchema, response: { 201: adminSchema } },
    },
    async (request, reply) => {
      const { name, password, role } = request.body
      await services.accounts.add(name, password, role)
      return reply.code(201).send(await get(name))
    },
  )

  app.patch(
    '/admins/:name',
    {
      config: { role: 'admin' },
      schema: {
        tags,
        summary: 'Change role, password or state; the logins of the account end',
        params: nameParameter,
        body: adminPatchSchema,
        response: { 200: adminSchema },
      },
    },
    async (request) => {
      await services.accounts.change(request.params.name, request.body)
      return await get(request.params.name)
    },
  )

  app.delete(
    '/admins/:name',
    {
      config: { role: 'admin' },
      schema: {
        tags,
        summary: 'Remove an administrator and all its tokens',
        params: nameParameter,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await services.accounts.remove(request.params.name)
      return reply.code(204).send(null)
    },
  )

  async function get(name: string) {
    const admin = await services.accounts.get(name)
    if (admin === undefined) throw new RequestError('not-found', `There is no administrator "${name}".`)
    return admin
  }
}
