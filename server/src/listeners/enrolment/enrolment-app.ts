import { randomUUID } from 'node:crypto'
import type { SecureContextOptions } from 'node:tls'
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import { NO_JSON_SCHEMAS } from '../no-json-schemas.ts'
import { acmeRoutes } from './acme-routes.ts'
import { connectRoutes } from './connect-routes.ts'
import { shareConnections } from './connection-share.ts'
import type { EnrolmentServices } from './enrolment-services.ts'
import { estRoutes } from './est-routes.ts'
import { answerOcspBefore } from './ocsp-handler.ts'
import { publicationRoutes } from './publication-routes.ts'
import { scepRoutes } from './scep-routes.ts'
import { windowsRoutes } from './windows-routes.ts'

/** Routes of one protocol. Bodies arrive as a Buffer, whatever their type says. */
export type EnrolmentRoutes = (app: FastifyInstance, services: EnrolmentServices) => void

/** Over TLS, where a client may show a certificate: EST, ACME, SCEP, MS-XCEP and MS-WSTEP; and the pages for people. */
export const HTTPS_ROUTES: readonly EnrolmentRoutes[] = [
  acmeRoutes,
  connectRoutes,
  estRoutes,
  scepRoutes,
  windowsRoutes,
]
/** Without TLS, for everybody: CRLs, OCSP and CA certificates, which say themselves who signed them; SCEP. */
export const HTTP_ROUTES: readonly EnrolmentRoutes[] = [publicationRoutes, scepRoutes]

/** A CMC request with its certificates takes some 10 KiB, an OCSP request 200 octets. */
const BODY_LIMIT = 256 * 1024
/** A Kerberos ticket stands in a header, with all groups of the account: up to 64 KiB. */
const HEADER_LIMIT = 80 * 1024
const HANDSHAKE_TIMEOUT_MS = 5_000
/** Longer than that of a request, Node would take the one for the other. */
const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 30_000
/** Node looks for what is over its time every half minute unless it is told otherwise. */
const CHECKING_MS = 5_000
const KEEP_ALIVE_MS = 15_000
const MOST_CONNECTIONS = 1_000
/** Of one address: many computers stand behind one, and none needs so many. */
const MOST_OF_ONE_ADDRESS = 250

const HEADERS = { 'x-content-type-options': 'nosniff' } as const

/** An address that cannot be read is answered before any hook runs; it may be most of a link, and is not said again. */
function answerUnreadableAddress(_error: FastifyError, _request: FastifyRequest, reply: FastifyReply) {
  reply
    .code(400)
    .headers({ ...HEADERS, 'cache-control': 'no-store' })
    .type('text/plain; charset=utf-8')
  return reply.send('This address cannot be read.\n')
}

/** @param tls absent: plain HTTP */
export async function createEnrolmentApp(
  services: EnrolmentServices,
  routes: readonly EnrolmentRoutes[],
  tls?: SecureContextOptions,
): Promise<FastifyInstance> {
  const options = {
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // A GET of OCSP or SCEP carries its message in the address.
    routerOptions: { maxParamLength: 16_384 },
    genReqId: () => randomUUID(),
    requestIdHeader: false as const,
    frameworkErrors: answerUnreadableAddress,
    forceCloseConnections: true,
    return503OnClosing: true,
    schemaController: NO_JSON_SCHEMAS,
  }
  const app: FastifyInstance =
    tls === undefined
      ? Fastify({ ...options, http: { connectionsCheckingInterval: CHECKING_MS } })
      : (Fastify({
          ...options,
          https: {
            ...tls,
            connectionsCheckingInterval: CHECKING_MS,
            maxHeaderSize: HEADER_LIMIT,
            minVersion: 'TLSv1.2',
            handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
            // Which certificate is good enough is each protocol's to say, by the product's own path validation.
            requestCert: true,
            rejectUnauthorized: false,
          },
        }) as unknown as FastifyInstance) // the type tells TLS servers apart, the routes do not
  app.server.headersTimeout = HEADERS_TIMEOUT_MS
  app.server.maxConnections = MOST_CONNECTIONS
  shareConnections(app.server, MOST_OF_ONE_ADDRESS)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(HEADERS)
  })
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500) services.log.error({ err: error, url: request.url }, 'An enrolment request failed.')
    return reply
      .code(status)
      .type('text/plain; charset=utf-8')
      .send(status >= 500 ? `Internal error, request ${request.id}.\n` : `${error.message}\n`)
  })
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).type('text/plain; charset=utf-8').send('There is nothing here.\n'),
  )
  for (const add of routes) {
    await app.register((scope, _options, done) => {
      add(scope, services)
      done()
    })
  }
  await app.ready()
  if (tls === undefined) answerOcspBefore(app.server, services)
  return app
}
