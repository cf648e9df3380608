import type { TLSSocket } from 'node:tls'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Endpoint, enrolmentEndpoint, policyEndpoint } from '../../enrolment/windows/endpoint.ts'
import type { WindowsRequest } from '../../enrolment/windows/windows-caller.ts'
import type { WindowsAnswer } from '../../enrolment/windows/windows-service.ts'
import type { EnrolmentServices } from './enrolment-services.ts'

/** A CMC request with an old certificate takes some 10 KiB, in base64 and XML half more. */
const BODY_LIMIT = 128 * 1024
const SOAP = /^application\/soap\+xml\s*(;|$)/i

interface Parts {
  readonly endpoint: string
}

/**
 * `/ADPolicyProvider_CEP_*` `/service.svc/CEP` (MS-XCEP) and `/NAME_CES_*` `/service.svc/CES` (MS-WSTEP), as AD CS has them: clients
 * and tools know them by these names.
 */
export function windowsRoutes(app: FastifyInstance, { windows }: EnrolmentServices): void {
  const route = (path: string, find: (part: string) => Endpoint | undefined): void => {
    app.post<{ Params: Parts }>(path, { bodyLimit: BODY_LIMIT }, async (request, reply) => {
      const endpoint = find(request.params.endpoint)
      if (endpoint === undefined || !windows.offers(endpoint)) return reply.callNotFound()
      if (!SOAP.test(request.headers['content-type'] ?? ''))
        return reply.code(415).type('text/plain; charset=utf-8').send('Send application/soap+xml.\n')
      return send(reply, await windows.answer(endpoint, asked(request)))
    })
  }
  route('/:endpoint/service.svc/CEP', policyEndpoint)
  route('/:endpoint/service.svc/CES', (part) => enrolmentEndpoint(part, windows.authorityName))
}

function asked(request: FastifyRequest): WindowsRequest {
  // Routes of HTTPS alone.
  const certificate = (request.raw.socket as TLSSocket).getPeerX509Certificate()?.raw
  const { authorization } = request.headers
  return {
    body: Buffer.isBuffer(request.body) ? request.body : new Uint8Array(),
    from: request.ip,
    ...(authorization !== undefined && { authorization }),
    ...(certificate !== undefined && { certificate }),
  }
}

function send(reply: FastifyReply, { status, body, negotiate }: WindowsAnswer): FastifyReply {
  if (negotiate !== undefined) reply.header('www-authenticate', `Negotiate ${negotiate}`.trim())
  return reply.code(status).type('application/soap+xml; charset=utf-8').send(body)
}
