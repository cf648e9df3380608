import { encodePem } from '@sallyport/pki'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { OcspReply } from '../../enrolment/status/ocsp-responder.ts'
import { hasIt } from './conditional-request.ts'
import type { EnrolmentServices } from './enrolment-services.ts'

/** What everybody may fetch about the own CA, as it is served. */
export interface PublicationService {
  /** DER of the certificate of a CA key. */
  caCertificate(keyId: string): Uint8Array | undefined
  crl(keyId: string, kind: 'full' | 'delta'): PublishedOctets | 'ended' | undefined
  /** Never rejects for what a client can send. */
  ocsp(request: Uint8Array): OcspReply | Promise<OcspReply>
}

export interface PublishedOctets {
  readonly der: Buffer
  readonly etag: string
  /** Milliseconds since the epoch. */
  readonly thisUpdate: number
  readonly nextUpdate: number
}

/** A CRL may be kept for so long: a revocation shows in the next. */
const CRL_SECONDS = 300
const CA_SECONDS = 86_400

/** CA certificates and CRLs over plain HTTP: they say themselves who signed them (RFC 5280 section 8). */
export function publicationRoutes(app: FastifyInstance, { publication }: EnrolmentServices): void {
  app.get<{ Params: { file: string } }>('/ca/:file', (request, reply) => {
    const [, keyId = '', form = ''] = /^([0-9a-f]{1,64})\.(cer|crt|pem)$/.exec(request.params.file) ?? []
    const der = publication.caCertificate(keyId)
    if (der === undefined) return reply.callNotFound()
    const etag = `"${keyId}.${form}"`
    reply.header('etag', etag)
    reply.header('cache-control', `public, max-age=${CA_SECONDS}, no-transform`)
    if (hasIt(request.headers, etag)) return reply.code(304).send()
    if (form === 'pem') return reply.type('application/x-pem-file').send(pem(der))
    return reply.type('application/pkix-cert').send(Buffer.from(der))
  })

  app.get<{ Params: { file: string } }>('/crl/:file', (request, reply) => {
    const [, keyId = '', plus = ''] = /^([0-9a-f]{1,64})(\+?)\.crl$/.exec(request.params.file) ?? []
    const list = publication.crl(keyId, plus === '' ? 'full' : 'delta')
    if (list === undefined) return reply.callNotFound()
    if (list === 'ended') {
      const text = 'The CRL has ended and no new one could be published.\n'
      return reply.code(503).header('retry-after', '60').type('text/plain; charset=utf-8').send(text)
    }
    return published(request, reply, list).type('application/pkix-crl').send(list.der)
  })
}

/** Validators and dates; answers 304 where the client has this very list. */
function published(
  request: FastifyRequest,
  reply: FastifyReply,
  { etag, thisUpdate, nextUpdate }: PublishedOctets,
): FastifyReply {
  const left = Math.floor((nextUpdate - Date.now()) / 1000)
  reply
    .header('etag', etag)
    .header('last-modified', new Date(thisUpdate).toUTCString())
    .header('expires', new Date(nextUpdate).toUTCString())
    .header('cache-control', `public, max-age=${Math.max(0, Math.min(CRL_SECONDS, left))}, no-transform`)
  return hasIt(request.headers, etag, thisUpdate) ? reply.code(304) : reply
}

function pem(der: Uint8Array): string {
  return encodePem('CERTIFICATE', der)
}
