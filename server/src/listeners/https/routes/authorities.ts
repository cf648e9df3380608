import * as z from 'zod'
import type { Api } from '../api.ts'
import {
  authorityItemSchema,
  authorityListSchema,
  authorityRequestSchema,
  confirmationSchema,
  discardedAuthoritySchema,
  importedAuthoritySchema,
  installedAuthoritySchema,
  newAuthorityRequestSchema,
  newAuthoritySchema,
  switchSchema,
} from '../model.ts'
import type { Services } from '../services.ts'

/** The way from one CA to the next. Keys and PINs go in and never come out. */
export function authorityRoutes(app: Api, { authorities }: Services): void {
  const tags = ['certificates']
  const admin = { role: 'admin' } as const

  app.get(
    '/ca/authorities',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'Root and issuing CAs, what is prepared, and who was handed its anchor',
        response: { 200: authorityListSchema },
      },
    },
    () => authorities.list(),
  )

  app.post(
    '/ca/rollover',
    {
      config: admin,
      schema: {
        tags,
        summary: 'Prepare a new CA of our own; nothing is issued by it before the switch',
        body: newAuthoritySchema,
        response: { 201: authorityItemSchema },
      },
    },
    async (request, reply) => reply.code(201).send(await authorities.prepare(request.body)),
  )

  app.post(
    '/ca/request',
    {
      config: admin,
      schema: {
        tags,
        summary: 'Make a key and a request for an outside CA to sign',
        body: newAuthorityRequestSchema,
        response: { 201: authorityRequestSchema },
      },
    },
    async (request, reply) => reply.code(201).send(await authorities.request(request.body)),
  )

  app.post(
    '/ca/install',
    {
      config: admin,
      schema: {
        tags,
        summary: 'Prepare the CA an outside CA signed a request of ours for',
        body: installedAuthoritySchema,
        response: { 201: authorityItemSchema },
      },
    },
    async (request, reply) => reply.code(201).send(await authorities.install(request.body.certificates)),
  )

  app.post(
    '/ca/import',
    {
      config: admin,
      schema: {
        tags,
        summary: 'Prepare an issuing CA that comes with its key, in PEM or PKCS #12',
        body: importedAuthoritySchema,
        response: { 201: authorityItemSchema },
      },
    },
    async (request, reply) => reply.code(201).send(await authorities.import(request.body)),
  )

  app.post(
    '/ca/discard',
    {
      config: admin,
      schema: {
        tags,
        summary: 'Forget a request, or what is prepared, with its key',
        body: discardedAuthoritySchema,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await authorities.discard(request.body.keyId)
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/ca/confirm',
    {
      config: { role: 'operator' },
      schema: {
        tags,
        summary: 'Say that holders of certificates were given the new anchor by other means',
        body: confirmationSchema,
        response: { 200: z.object({ confirmed: z.int() }) },
      },
    },
    async (request) => ({ confirmed: await authorities.confirm(request.body.holders) }),
  )

  app.post(
    '/ca/switch',
    {
      config: admin,
      schema: {
        tags,
        summary: 'Issue by the prepared CA from now on; answered once our servers show its certificates',
        body: switchSchema,
        response: { 200: authorityListSchema },
      },
    },
    (request) => authorities.switch(request.body.force),
  )
}
