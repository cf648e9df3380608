import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ScepAnswer } from '../../enrolment/scep/scep-service.ts'
import type { EnrolmentServices } from './enrolment-services.ts'

/** Where clients look: what they are told, what they assume (RFC 8894 section 4.1), and where NDES answers. */
const PATHS = [
  '/scep',
  '/scep/:template',
  '/scep/:template/pkiclient.exe',
  '/cgi-bin/pkiclient.exe',
  '/certsrv/mscep/mscep.dll',
  '/certsrv/mscep/mscep.dll/pkiclient.exe',
] as const

interface Asked {
  readonly Params: { readonly template?: string }
  readonly Querystring: { readonly operation?: string; readonly message?: string }
}

/** RFC 8894 section 4, over HTTP and HTTPS alike: messages are signed and enveloped by themselves. */
export function scepRoutes(app: FastifyInstance, { scep }: EnrolmentServices): void {
  const operations: Readonly<
    Record<string, (request: FastifyRequest<Asked>, reply: FastifyReply) => Promise<FastifyReply>>
  > = {
    GetCACaps: async (_request, reply) =>
      // One word a line and no empty one: strongSwan takes an empty line for every word.
      reply.type('text/plain; charset=utf-8').send(scep.capabilities.join('\n')),
    GetCACert: async (_request, reply) =>
      reply.type('application/x-x509-ca-ra-cert').send(Buffer.from(await scep.caCertificates())),
    GetNextCACert: async (_request, reply) => {
      const next = await scep.nextCaCertificates()
      if (next === undefined) return text(reply, 404, 'No CA is prepared to take over.')
      return reply.type('application/x-x509-next-ca-cert').send(Buffer.from(next))
    },
    PKIOperation: async (request, reply) => {
      const octets = messageOf(request)
      if (octets === undefined) return text(reply, 400, 'There is no message.')
      const { template } = request.params
      const origin = { from: request.ip, ...(template !== undefined && { template }) }
      return answer(reply, await scep.operate(octets, origin))
    },
  }
  for (const url of PATHS) {
    app.route<Asked>({
      method: ['GET', 'POST'],
      url,
      handler: async (request, reply) => {
        if (!scep.isEnabled) return text(reply, 404, 'There is nothing here.')
        const { operation = '' } = request.query
        const perform = Object.hasOwn(operations, operation) ? operations[operation] : undefined
        if (perform === undefined) return text(reply, 400, 'This SCEP operation is not supported.')
        return await perform(request, reply)
      },
    })
  }
}

function answer(reply: FastifyReply, result: ScepAnswer): FastifyReply {
  switch (result.kind) {
    case 'message':
      return reply.type('application/x-pki-message').send(Buffer.from(result.octets))
    case 'undecodable':
      return text(reply, 400, 'This is no SCEP message.')
    case 'unavailable':
      return text(reply.header('retry-after', '30'), 503, 'Try again.')
  }
}

/** The body, or of a GET its parameter: base64, in which a plus sign may have become a space, with line breaks in it. */
function messageOf({ method, body, query }: FastifyRequest<Asked>): Uint8Array | undefined {
  if (method === 'POST') return body instanceof Uint8Array && body.length > 0 ? body : undefined
  const { message = '' } = query
  if (typeof message !== 'string') return undefined
  try {
    const octets = Uint8Array.fromBase64(message.replace(/[\r\n]/g, '').replaceAll(' ', '+'))
    return octets.length > 0 ? octets : undefined
  } catch {
    return undefined
  }
}

function text(reply: FastifyReply, status: number, sentence: string): FastifyReply {
  return reply.code(status).type('text/plain; charset=utf-8').send(`${sentence}\n`)
}
