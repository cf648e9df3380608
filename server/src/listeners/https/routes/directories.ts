import * as z from 'zod'
import type { Api } from '../api.ts'
import {
  directoryBrowseQuerySchema,
  directoryGroupSchema,
  directoryListingSchema,
  directorySchema,
  directorySyncOrderSchema,
  directoryTrialSchema,
  directoryUserSchema,
  listQuerySchema,
  nameParameter,
  pageOf,
} from '../model.ts'
import type { Services } from '../services.ts'

/** Directories of identity sources: what is in them, and the copies of their users and groups. */
export function directoryRoutes(app: Api, { directories }: Services): void {
  const tags = ['directories']

  app.get(
    '/directories',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'LDAP directories and Active Directory domains, and how their sync stands',
        response: { 200: z.object({ items: z.array(directorySchema).readonly() }) },
      },
    },
    async () => ({ items: await directories.list() }),
  )

  app.post(
    '/directories/:name/sync',
    {
      config: { role: 'operator' },
      schema: {
        tags,
        summary: 'Begin a sync of users and groups now; its state is in the list of directories',
        params: nameParameter,
        body: directorySyncOrderSchema,
        response: { 202: z.null() },
      },
    },
    async (request, reply) => {
      await directories.sync(request.params.name, request.body)
      return reply.code(202).send(null)
    },
  )

  app.get(
    '/directories/:name/users',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'List synced users, or search them by the beginning of a name or an e-mail address',
        params: nameParameter,
        querystring: listQuerySchema,
        response: { 200: pageOf(directoryUserSchema) },
      },
    },
    (request) => directories.users(request.params.name, request.query),
  )

  app.get(
    '/directories/:name/groups',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'List synced groups, or search them by the beginning of their name',
        params: nameParameter,
        querystring: listQuerySchema,
        response: { 200: pageOf(directoryGroupSchema) },
      },
    },
    (request) => directories.groups(request.params.name, request.query),
  )

  app.get(
    '/directories/:name/browse',
    {
      config: { role: 'operator' },
      schema: {
        tags,
        summary: 'Look into a directory as its service account does: one level below a DN',
        params: nameParameter,
        querystring: directoryBrowseQuerySchema,
        response: { 200: directoryListingSchema },
      },
    },
    (request) => directories.browse(request.params.name, request.query),
  )

  app.post(
    '/directories/browse',
    {
      config: { role: 'admin' },
      schema: {
        tags,
        summary: 'Look into a directory whose settings are not applied yet',
        body: directoryTrialSchema,
        response: { 200: directoryListingSchema },
      },
    },
    (request) => directories.browseUnsaved(request.body),
  )
}
