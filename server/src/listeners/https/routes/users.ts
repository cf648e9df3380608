import * as z from 'zod'
import { RequestError } from '../../../kernel/errors.ts'
import type { Api } from '../api.ts'
import {
  listQuerySchema,
  nameParameter,
  newPasswordSchema,
  newUserSchema,
  pageOf,
  userPatchSchema,
  userSchema,
} from '../model.ts'
import type { Services, User } from '../services.ts'

/** Users of the local source. Passwords go in and never come out. */
export function userRoutes(app: Api, services: Services): void {
  const tags = ['users']

  app.get(
    '/users',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'List or search users',
        querystring: listQuerySchema,
        response: { 200: pageOf(userSchema) },
      },
    },
    (request) => services.users.list(request.query),
  )

  app.get(
    '/users/:name',
    {
      config: { role: 'viewer' },
      schema: { tags, summary: 'One user', params: nameParameter, response: { 200: userSchema } },
    },
    (request) => get(request.params.name),
  )

  app.post(
    '/users',
    {
      config: { role: 'operator' },
      schema: { tags, summary: 'Add a user', body: newUserSchema, response: { 201: userSchema } },
    },
    async (request, reply) => {
      await services.users.create(request.body)
      return reply.code(201).send(await get(request.body.name))
    },
  )

  app.patch(
    '/users/:name',
    {
      config: { role: 'operator' },
      schema: {
        tags,
        summary: 'Change fields of a user',
        params: nameParameter,
        body: userPatchSchema,
        response: { 200: userSchema },
      },
    },
    async (request) => {
      await services.users.change(request.params.name, request.body)
      return await get(request.params.name)
    },
  )

  app.delete(
    '/users/:name',
    {
      config: { role: 'operator' },
      schema: { tags, summary: 'Delete a user', params: nameParameter, response: { 204: z.null() } },
    },
    async (request, reply) => {
      await services.users.remove(request.params.name)
      return reply.code(204).send(null)
    },
  )

  app.put(
    '/users/:name/password',
    {
      config: { role: 'operator' },
      schema: {
        tags,
        summary: 'Set the password',
        params: nameParameter,
        body: newPasswordSchema,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await services.users.setPassword(request.params.name, request.body)
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/users/:name/unlock',
    {
      config: { role: 'operator' },
      schema: {
        tags,
        summary: 'Unlock after too many wrong passwords',
        params: nameParameter,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await services.users.unlock(request.params.name)
      return reply.code(204).send(null)
    },
  )

  async function get(name: string): Promise<User> {
    const user = await services.users.get(name)
    if (user === undefined) throw new RequestError('not-found', `There is no user "${name}".`)
    return user
  }
}
