import * as z from 'zod'
import type { Api } from '../api.ts'
import { principalOf } from '../guard.ts'
import {
  acmeAccountSchema,
  acmeIdParameter,
  acmeKeySchema,
  acmePageSchema,
  madeAcmeKeySchema,
  newAcmeKeySchema,
  pageOf,
} from '../model.ts'
import type { Services } from '../services.ts'

/** Who may have an account with the ACME server. */
export function acmeAdminRoutes(app: Api, { acme }: Services): void {
  const tags = ['acme']

  app.get(
    '/acme/keys',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'List keys of external accounts',
        querystring: acmePageSchema,
        response: { 200: pageOf(acmeKeySchema) },
      },
    },
    (request) => acme.keys(request.query),
  )

  app.post(
    '/acme/keys',
    {
      config: { role: 'operator' },
      schema: {
        tags,
        summary: 'Make a key for one ACME account; its MAC key is shown this once',
        body: newAcmeKeySchema,
        response: { 201: madeAcmeKeySchema },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await acme.createKey(request.body, principalOf(request).name)),
  )

  app.delete(
    '/acme/keys/:id',
    {
      config: { role: 'operator' },
      schema: {
        tags,
        summary: 'Delete a key; the account made with it is deactivated',
        params: acmeIdParameter,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await acme.removeKey(request.params.id)
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/acme/accounts',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'List ACME accounts',
        querystring: acmePageSchema,
        response: { 200: pageOf(acmeAccountSchema) },
      },
    },
    (request) => acme.accounts(request.query),
  )

  app.post(
    '/acme/accounts/:id/deactivate',
    {
      config: { role: 'operator' },
      schema: {
        tags,
        summary: 'Deactivate an ACME account; its certificates stay valid',
        params: acmeIdParameter,
        response: { 200: acmeAccountSchema },
      },
    },
    (request) => acme.deactivate(request.params.id),
  )
}
