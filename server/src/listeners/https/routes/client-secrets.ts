import * as z from 'zod'
import type { Api } from '../api.ts'
import { principalOf } from '../guard.ts'
import {
  adoptedClientSchema,
  boardEnforcedSchema,
  boardEnforcementSchema,
  clientBoardQuerySchema,
  clientBoardSchema,
  clientRotationSchema,
  madeSecretSchema,
  nameParameter,
  newRotationSchema,
  rotationEndSchema,
  rotationQuerySchema,
  servedVersionSchema,
} from '../model.ts'
import type { Services } from '../services.ts'

/** Changes of client secrets with proof, the Message-Authenticator board, and strangers that become clients. */
export function clientSecretRoutes(app: Api, services: Services): void {
  const tags = ['clients']
  const list = <Item extends z.ZodType>(item: Item) => ({
    200: z.object({ items: z.array(item).readonly() }),
  })

  app.get(
    '/clients/rotations',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'Secrets being changed, and who still uses the old one',
        querystring: rotationQuerySchema,
        response: list(clientRotationSchema),
      },
    },
    async (request) => ({ items: await services.clientSecrets.rotations(request.query) }),
  )

  app.post(
    '/clients/:name/rotation',
    {
      config: { role: 'admin' },
      schema: {
        tags,
        summary: 'Make a second secret valid for a client',
        params: nameParameter,
        body: newRotationSchema,
        response: { 200: madeSecretSchema },
      },
    },
    (request) => services.clientSecrets.rotate(request.params.name, request.body, principalOf(request).name),
  )

  app.post(
    '/clients/:name/rotation/finish',
    {
      config: { role: 'admin' },
      schema: {
        tags,
        summary: 'Drop the old secret, once nobody uses it',
        params: nameParameter,
        body: rotationEndSchema,
        response: { 200: servedVersionSchema },
      },
    },
    (request) => services.clientSecrets.finish(request.params.name, request.body, principalOf(request).name),
  )

  app.delete(
    '/clients/:name/rotation',
    {
      config: { role: 'admin' },
      schema: {
        tags,
        summary: 'Take the new secret back',
        params: nameParameter,
        response: { 200: servedVersionSchema },
      },
    },
    (request) => services.clientSecrets.cancel(request.params.name, principalOf(request).name),
  )

  app.get(
    '/clients/message-authenticator',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'Which clients send Message-Authenticator (CVE-2024-3596)',
        querystring: clientBoardQuerySchema,
        response: list(clientBoardSchema),
      },
    },
    async (request) => ({ items: await services.clientSecrets.board(request.query) }),
  )

  app.post(
    '/clients/message-authenticator/enforce',
    {
      config: { role: 'admin' },
      schema: {
        tags,
        summary: 'Demand Message-Authenticator of clients',
        body: boardEnforcementSchema,
        response: { 200: boardEnforcedSchema },
      },
    },
    (request) => services.clientSecrets.enforce(request.body, principalOf(request).name),
  )

  app.post(
    '/clients/adopt',
    {
      config: { role: 'admin' },
      schema: {
        tags,
        summary: 'Make a RADIUS client of an address',
        body: adoptedClientSchema,
        response: { 200: madeSecretSchema },
      },
    },
    (request) => services.clientSecrets.adopt(request.body, principalOf(request).name),
  )
}
