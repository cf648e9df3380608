import type { TLSSocket } from 'node:tls'
import { writeEstBody } from '@sallyport/pki'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { EstAnswer, EstRequest } from '../../enrolment/est/est-service.ts'
import type { EnrolmentServices } from './enrolment-services.ts'

/** A PKCS #10 of an RSA-8192 key in base64 takes some 4 KiB. */
const BODY_LIMIT = 64 * 1024
const CERTS_ONLY = 'application/pkcs7-mime; smime-type=certs-only'

interface Labelled {
  readonly label?: string
}

/**
 * `/.well-known/est[/label]/...` (RFC 7030 section 3.2.2). Answers have a Content-Length and a body of one line: strongSwan
 * 5.9 reads no chunks and no line ends.
 */
export function estRoutes(app: FastifyInstance, { est }: Pick<EnrolmentServices, 'est'>): void {
  for (const base of ['/.well-known/est', '/.well-known/est/:label']) {
    app.get(`${base}/cacerts`, (_request, reply) => {
      if (!est.isEnabled) return off(reply)
      return encoded(reply, 'application/pkcs7-mime', est.caCertificates())
    })
    app.get<{ Params: Labelled }>(`${base}/csrattrs`, (request, reply) => {
      if (!est.isEnabled) return off(reply)
      const attributes = est.csrAttributes(request.params.label)
      if (attributes === undefined) return reply.code(204).send()
      return encoded(reply, 'application/csrattrs', attributes)
    })
    const operations = {
      simpleenroll: (asked: EstRequest) => est.enrol(asked),
      simplereenroll: (asked: EstRequest) => est.reenrol(asked),
      serverkeygen: (asked: EstRequest) => est.keyed(asked),
    }
    for (const [name, operation] of Object.entries(operations)) {
      app.post<{ Params: Labelled }>(`${base}/${name}`, { bodyLimit: BODY_LIMIT }, async (request, reply) => {
        if (!est.isEnabled) return off(reply)
        const type = request.headers['content-type'] ?? ''
        if (!/^application\/pkcs10\s*(;|$)/i.test(type))
          return text(reply.code(415), 'Send the request as application/pkcs10.')
        return send(reply, await operation(asked(request)))
      })
    }
  }
}

function asked(request: FastifyRequest<{ Params: Labelled }>): EstRequest {
  // Routes of HTTPS alone.
  const socket = request.raw.socket as TLSSocket
  const { label } = request.params
  const { authorization } = request.headers
  const certificate = socket.getPeerX509Certificate()?.raw
  const protocol = socket.getProtocol() ?? 'no TLS'
  const tlsUnique = protocol === 'TLSv1.3' ? undefined : firstFinished(socket)
  return {
    body: Buffer.isBuffer(request.body) ? request.body : new Uint8Array(),
    from: request.ip,
    channel: { protocol, ...(tlsUnique !== undefined && { tlsUnique }) },
    ...(label !== undefined && { label }),
    ...(authorization !== undefined && { authorization }),
    ...(certificate !== undefined && { certificate }),
  }
}

/** RFC 5929 section 3.1: the client's Finished in a full handshake, the server's in an abbreviated one. */
function firstFinished(socket: TLSSocket): Uint8Array | undefined {
  return socket.isSessionReused() ? socket.getFinished() : socket.getPeerFinished()
}

function send(reply: FastifyReply, answer: EstAnswer): FastifyReply {
  switch (answer.kind) {
    case 'issued':
      if (answer.key !== undefined) return keyAndCertificate(reply, answer.key, answer.certificate)
      return encoded(reply, CERTS_ONLY, answer.certificate)
    case 'pending':
      reply.code(202).header('retry-after', String(answer.retryAfterSeconds))
      return text(reply, 'The request waits for an approval: send it again later.')
    case 'refused':
      if (answer.status === 401)
        reply.header('www-authenticate', 'Basic realm="Certificate enrolment", charset="UTF-8"')
      return text(reply.code(answer.status), answer.text)
    case 'unavailable':
      reply.code(503).header('retry-after', String(answer.retryAfterSeconds))
      return text(reply, answer.text)
  }
}

function off(reply: FastifyReply): FastifyReply {
  return text(reply.code(404), 'EST is switched off.')
}

function text(reply: FastifyReply, sentence: string): FastifyReply {
  return reply.type('text/plain; charset=utf-8').send(`${sentence}\n`)
}

function encoded(reply: FastifyReply, type: string, der: Uint8Array): FastifyReply {
  return reply.header('content-transfer-encoding', 'base64').type(type).send(writeEstBody(der))
}

/** RFC 7030 section 4.4.2: the key first, then the certificate. */
function keyAndCertificate(reply: FastifyReply, key: Uint8Array, certificate: Uint8Array): FastifyReply {
  const boundary = 'est-server-key'
  const part = (type: string, der: Uint8Array): string =>
    `--${boundary}\r\nContent-Type: ${type}\r\nContent-Transfer-Encoding: base64\r\n\r\n${writeEstBody(der)}\r\n`
  const body = `${part('application/pkcs8', key)}${part(CERTS_ONLY, certificate)}--${boundary}--\r\n`
  // Nobody on the way keeps a copy of a private key.
  reply.header('cache-control', 'no-store')
  return reply.type(`multipart/mixed; boundary=${boundary}`).send(body)
}
