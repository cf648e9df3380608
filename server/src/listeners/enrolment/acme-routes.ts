import { isIPv6 } from 'node:net'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AcmeAnswer, Answer } from '../../enrolment/acme/acme-call.ts'
import { isProblem } from '../../enrolment/acme/jws.ts'
import { Links } from '../../enrolment/acme/links.ts'
import { type Problem, problem, problemDocument } from '../../enrolment/acme/problem.ts'
import type { EnrolmentServices } from './enrolment-services.ts'

/** A request for a certificate of RSA-8192 with a hundred names takes some 12 KiB. */
const BODY_LIMIT = 64 * 1024

/** ACME (RFC 8555): a directory for each template. */
export function acmeRoutes(app: FastifyInstance, { acme, log, httpsUrl }: EnrolmentServices): void {
  const send = (request: FastifyRequest, reply: FastifyReply, answer: Answer): FastifyReply => {
    const { template } = request.params as { template: string } // of every route below
    const base = baseOf(request, httpsUrl())
    if (base !== undefined) reply.header('link', `<${new Links(base, template).to('directory')}>;rel="index"`)
    return isProblem(answer) ? sendProblem(reply, answer) : sendAnswer(reply, answer)
  }

  app.addHook('onError', async (_request, reply) => {
    reply.header('replay-nonce', acme.newNonce())
  })
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500) log.error({ err: error, url: request.url }, 'An ACME request failed.')
    const found =
      status >= 500
        ? problem('serverInternal', 'acme-failed', {})
        : problem('malformed', 'acme-request-malformed', { detail: error.message.toLowerCase() }, { status })
    return sendProblem(reply, found)
  })

  app.get<{ Params: { template: string } }>('/acme/:template/directory', (request, reply) => {
    const base = baseOf(request, httpsUrl())
    return send(request, reply, base === undefined ? noHost() : acme.directory(request.params.template, base))
  })

  // RFC 8555 section 7.2: HEAD is answered 200, GET 204.
  app.route<{ Params: { template: string } }>({
    method: ['GET', 'HEAD'],
    url: '/acme/:template/new-nonce',
    exposeHeadRoute: false,
    handler: (request, reply) => {
      const missing = acme.servesTemplate(request.params.template)
      if (missing !== undefined) return send(request, reply, missing)
      reply.header('replay-nonce', acme.newNonce()).header('cache-control', 'no-store')
      return send(request, reply, { status: request.method === 'HEAD' ? 200 : 204 })
    },
  })

  app.get<{ Params: { template: string; id: string } }>(
    '/acme/:template/renewal-info/:id',
    async (request, reply) => {
      const { template, id } = request.params
      return send(request, reply, await acme.renewalInformation(template, id))
    },
  )

  app.post<{ Params: { template: string; '*': string } }>(
    '/acme/:template/*',
    { bodyLimit: BODY_LIMIT },
    async (request, reply) => {
      reply.header('replay-nonce', acme.newNonce()).header('cache-control', 'no-store')
      const base = baseOf(request, httpsUrl())
      if (base === undefined) return send(request, reply, noHost())
      if (!/^application\/jose\+json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) {
        const detail = 'the content type is not application/jose+json'
        return send(
          request,
          reply,
          problem('malformed', 'acme-request-malformed', { detail }, { status: 415 }),
        )
      }
      const { template, '*': path } = request.params
      const { body, ip: from } = request
      return send(request, reply, await acme.post({ template, path, base, body, from }))
    },
  )
}

function sendAnswer(reply: FastifyReply, { status, headers = {}, body }: AcmeAnswer): FastifyReply {
  for (const [name, value] of Object.entries(headers)) {
    // Two links are two header lines.
    const before = name === 'link' ? reply.getHeader('link') : undefined
    reply.header(name, before === undefined ? value : [before, value].flat())
  }
  reply.code(status)
  if (body === undefined) return reply.send()
  if (typeof body === 'string') return reply.send(body)
  return reply.type('application/json').send(JSON.stringify(body))
}

function sendProblem(reply: FastifyReply, found: Problem): FastifyReply {
  if (found.retryAfterSeconds !== undefined) reply.header('retry-after', String(found.retryAfterSeconds))
  if (found.location !== undefined) reply.header('location', found.location)
  return reply
    .code(found.status)
    .type('application/problem+json')
    .send(JSON.stringify(problemDocument(found)))
}

/** How this client reaches us: as configured, else as it says itself. Undefined: it says nothing that could be a host. */
function baseOf({ headers }: FastifyRequest, configured: string | undefined): string | undefined {
  if (configured !== undefined) return configured
  const host = headers.host ?? ''
  const [, name, bracketed] =
    /^(?:([a-z0-9._-]{1,253})|\[([0-9a-f:.]{2,45})\])(?::\d{1,5})?$/i.exec(host) ?? []
  if (name === undefined && (bracketed === undefined || !isIPv6(bracketed))) return undefined
  return `https://${host}`
}

function noHost(): Problem {
  return problem('malformed', 'acme-request-malformed', {
    detail: 'the Host header is not the name of a host',
  })
}
