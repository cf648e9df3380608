import * as z from 'zod'
import { RequestError } from '../../../kernel/errors.ts'
import type { Api } from '../api.ts'
import { principalOf } from '../guard.ts'
import {
  appliedSchema,
  applyRequestSchema,
  documentSchema,
  listQuerySchema,
  pageOf,
  planRequestSchema,
  planSchema,
  rollbackRequestSchema,
  rolledBackSchema,
  versionSchema,
} from '../model.ts'
import type { ConfigurationText, Services } from '../services.ts'

/** A document with many users is larger than other bodies. */
const DOCUMENT_LIMIT = 16 * 1024 * 1024

/** The configuration as one document: export, versions, dry run, apply, roll back. */
export function configurationRoutes(app: Api, services: Services): void {
  const tags = ['configuration']

  app.get(
    '/configuration',
    {
      config: { role: 'viewer' },
      schema: { tags, summary: 'The served document as YAML', response: { 200: documentSchema } },
    },
    async () => found(await services.configuration.export(), 'configuration'),
  )

  app.get(
    '/configuration/versions',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'Versions, newest first',
        querystring: listQuerySchema,
        response: { 200: pageOf(versionSchema) },
      },
    },
    (request) => services.configuration.versions(request.query),
  )

  app.get(
    '/configuration/versions/:number',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'The document of one version',
        params: z.object({ number: z.coerce.number().int().min(1) }),
        response: { 200: documentSchema },
      },
    },
    async (request) => {
      const { number } = request.params
      return found(await services.configuration.export(number), `version ${number}`)
    },
  )

  app.post(
    '/configuration/plan',
    {
      config: { role: 'operator', readOnly: true },
      bodyLimit: DOCUMENT_LIMIT,
      schema: {
        tags,
        summary: 'Dry run: what apply would change, and what is wrong',
        body: planRequestSchema,
        response: { 200: planSchema },
      },
    },
    (request) => services.configuration.plan(request.body),
  )

  app.post(
    '/configuration/apply',
    {
      config: { role: 'admin' },
      bodyLimit: DOCUMENT_LIMIT,
      schema: {
        tags,
        summary: 'Check, store as the next version and serve; whole or not at all',
        body: applyRequestSchema,
        response: { 200: appliedSchema },
      },
    },
    (request) => services.configuration.apply(request.body, principalOf(request).name),
  )

  app.post(
    '/configuration/rollback',
    {
      config: { role: 'admin' },
      schema: {
        tags,
        summary: 'Serve an older version again, as a new one',
        body: rollbackRequestSchema,
        response: { 200: rolledBackSchema },
      },
    },
    (request) => services.configuration.rollback(request.body, principalOf(request).name),
  )
}

function found(document: ConfigurationText | undefined, what: string): ConfigurationText {
  if (document === undefined) throw new RequestError('not-found', `There is no ${what}.`)
  return document
}
