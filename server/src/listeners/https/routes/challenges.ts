import * as z from 'zod'
import type { Api } from '../api.ts'
import { principalOf } from '../guard.ts'
import {
  challengeParameter,
  challengeQuerySchema,
  challengeSchema,
  madeChallengeSchema,
  newChallengeSchema,
} from '../model.ts'
import type { Services } from '../services.ts'

/** Secrets of one use a certificate is asked for with, by SCEP. */
export function challengeRoutes(app: Api, services: Services): void {
  const tags = ['certificates']

  app.get(
    '/challenges',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'List challenges without their secrets, the latest first',
        querystring: challengeQuerySchema,
        response: { 200: z.object({ items: z.array(challengeSchema).readonly() }) },
      },
    },
    async (request) => ({ items: await services.challenges.list(request.query.limit) }),
  )

  app.post(
    '/challenges',
    {
      config: { role: 'operator' },
      schema: {
        tags,
        summary: 'Make a challenge: whoever has it gets one certificate for this user or device',
        body: newChallengeSchema,
        response: { 201: madeChallengeSchema },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await services.challenges.create(request.body, principalOf(request).name)),
  )

  app.delete(
    '/challenges/:id',
    {
      config: { role: 'operator' },
      schema: {
        tags,
        summary: 'Delete a challenge that was not used',
        params: challengeParameter,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await services.challenges.delete(request.params.id)
      return reply.code(204).send(null)
    },
  )
}
