import * as z from 'zod'
import type { Api } from '../api.ts'
import { principalOf } from '../guard.ts'
import {
  certificateRequestDecisionSchema,
  certificateRequestDetailSchema,
  certificateRequestQuerySchema,
  certificateRequestSchema,
  certificateTemplateStateSchema,
  madePkcs12Schema,
  newCertificateRequestSchema,
  newPkcs12Schema,
  pageOf,
  requestIdParameter,
} from '../model.ts'
import type { Services } from '../services.ts'

/** Templates, requests made by them, and what waits for an administrator. */
export function certificateRequestRoutes(app: Api, services: Services): void {
  const tags = ['certificates']

  app.get(
    '/certificate-templates',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'Certificate templates as they are in force, with what the linter says',
        response: { 200: z.object({ items: z.array(certificateTemplateStateSchema).readonly() }) },
      },
    },
    async () => ({ items: await services.certificateTemplates.list() }),
  )

  app.get(
    '/certificate-requests',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'Requests for certificates, the latest first',
        querystring: certificateRequestQuerySchema,
        response: { 200: pageOf(certificateRequestSchema) },
      },
    },
    (request) => services.certificateRequests.list(request.query),
  )

  app.get(
    '/certificate-requests/:id',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'A request with the names it asks for, and its certificate once there is one',
        params: requestIdParameter,
        response: { 200: certificateRequestDetailSchema },
      },
    },
    (request) => services.certificateRequests.get(request.params.id),
  )

  app.post(
    '/certificate-requests',
    {
      config: { role: 'operator' },
      schema: {
        tags,
        summary: 'Ask for a certificate by a PKCS #10 request; what needs approval waits',
        body: newCertificateRequestSchema,
        response: { 201: certificateRequestDetailSchema },
      },
    },
    async (request, reply) =>
      reply
        .code(201)
        .send(await services.certificateRequests.create(request.body, principalOf(request).name)),
  )

  for (const [verb, to] of [
    ['approve', 'approved'],
    ['deny', 'denied'],
  ] as const) {
    app.post(
      `/certificate-requests/:id/${verb}`,
      {
        config: { role: 'admin' },
        schema: {
          tags,
          summary: to === 'approved' ? 'Let a request that waits be issued' : 'Deny a request that waits',
          params: requestIdParameter,
          body: certificateRequestDecisionSchema,
          response: { 200: certificateRequestDetailSchema },
        },
      },
      (request) =>
        services.certificateRequests.decide(
          request.params.id,
          { to, ...request.body },
          principalOf(request).name,
        ),
    )
  }

  app.post(
    '/certificates/pkcs12',
    {
      config: { role: 'operator' },
      schema: {
        tags,
        summary: 'Make a key and a certificate for a person, in one file under a password',
        body: newPkcs12Schema,
        response: { 201: madePkcs12Schema },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await services.certificates.pkcs12(request.body, principalOf(request).name)),
  )
}
