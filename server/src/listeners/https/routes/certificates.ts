import type { Api } from '../api.ts'
import { principalOf } from '../guard.ts'
import {
  authoritySchema,
  certificateQuerySchema,
  certificateSchema,
  changedCertificateSchema,
  issuedCertificateSchema,
  newCertificateSchema,
  pageOf,
  revocationSchema,
  serialParameter,
} from '../model.ts'
import type { Services } from '../services.ts'

/** What the own CA issued. Keys never come out, but for one that was made for this very answer. */
export function certificateRoutes(app: Api, services: Services): void {
  const tags = ['certificates']

  app.get(
    '/ca',
    {
      config: { role: 'viewer' },
      schema: { tags, summary: 'The own CA and its CRL', response: { 200: authoritySchema } },
    },
    () => services.certificates.authority(),
  )

  app.get(
    '/certificates',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'List or search certificates of the own CA, the latest first',
        querystring: certificateQuerySchema,
        response: { 200: pageOf(certificateSchema) },
      },
    },
    (request) => services.certificates.list(request.query),
  )

  app.post(
    '/certificates',
    {
      config: { role: 'operator' },
      schema: {
        tags,
        summary: 'Issue a client certificate for a user',
        body: newCertificateSchema,
        response: { 201: issuedCertificateSchema },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await services.certificates.issue(request.body, principalOf(request).name)),
  )

  app.post(
    '/certificates/:serial/revoke',
    {
      config: { role: 'operator' },
      schema: {
        tags,
        summary: 'Revoke a certificate; answered once logins with it are refused and OCSP and a CRL say so',
        params: serialParameter,
        body: revocationSchema,
        response: { 200: changedCertificateSchema },
      },
    },
    (request) =>
      services.certificates.changeStatus(
        request.params.serial,
        { ...request.body, to: 'revoked' },
        principalOf(request).name,
      ),
  )

  for (const [path, to, summary] of [
    ['hold', 'held', 'Hold a certificate: revoked until it is released'],
    ['release', 'released', 'Release a certificate that is held'],
  ] as const) {
    app.post(
      `/certificates/:serial/${path}`,
      {
        config: { role: 'operator' },
        schema: { tags, summary, params: serialParameter, response: { 200: changedCertificateSchema } },
      },
      (request) =>
        services.certificates.changeStatus(request.params.serial, { to }, principalOf(request).name),
    )
  }
}
