import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Server } from 'node:https'
import type { SecureContextOptions } from 'node:tls'
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import { NO_JSON_SCHEMAS } from '../no-json-schemas.ts'
import { installAudit } from './audit-hook.ts'
import { answerUnreadableAddress, headersOf, installErrorReplies } from './error-reply.ts'
import { installGuard } from './guard.ts'
import { installOpenApi } from './openapi.ts'
import { acmeAdminRoutes } from './routes/acme.ts'
import { adminRoutes } from './routes/admins.ts'
import { authorityRoutes } from './routes/authorities.ts'
import { captureRoutes } from './routes/capture.ts'
import { certificateRequestRoutes } from './routes/certificate-requests.ts'
import { certificateRoutes } from './routes/certificates.ts'
import { challengeRoutes } from './routes/challenges.ts'
import { clientErrorRoutes } from './routes/client-errors.ts'
import { clientSecretRoutes } from './routes/client-secrets.ts'
import { clientRoutes } from './routes/clients.ts'
import { configurationRoutes } from './routes/configuration.ts'
import { connectionRoutes } from './routes/connections.ts'
import { directoryRoutes } from './routes/directories.ts'
import { domainPolicyRoutes } from './routes/domain-policy.ts'
import { dryRunRoutes } from './routes/dry-run.ts'
import { gatewayRoutes } from './routes/gateways.ts'
import { grantRoutes } from './routes/grants.ts'
import { groupRoutes } from './routes/groups.ts'
import { linkRoutes } from './routes/links.ts'
import { logLevelRoutes } from './routes/log-levels.ts'
import { loginRoutes } from './routes/login.ts'
import { macRoutes } from './routes/macs.ts'
import { probeRoutes } from './routes/probes.ts'
import { profileLintRoutes } from './routes/profile-lint.ts'
import { receiptRoutes } from './routes/receipts.ts'
import { serverCertificateRoutes } from './routes/server-certificates.ts'
import { sessionActionRoutes } from './routes/session-actions.ts'
import { sessionRoutes } from './routes/sessions.ts'
import { shieldRoutes } from './routes/shield.ts'
import { sourceTestRoutes } from './routes/source-test.ts'
import { sourceRoutes } from './routes/sources.ts'
import { supportBundleRoutes } from './routes/support-bundle.ts'
import { tokenRoutes } from './routes/tokens.ts'
import { trustRoutes } from './routes/trust.ts'
import { upstreamRoutes } from './routes/upstreams.ts'
import { userRoutes } from './routes/users.ts'
import type { Services } from './services.ts'

export type Api = FastifyInstance<Server, IncomingMessage, ServerResponse, FastifyBaseLogger, ZodTypeProvider>

export interface ApiOptions {
  readonly tls: SecureContextOptions
  /** `/metrics` without a token: only where nobody but this machine can reach it. */
  readonly openMetrics: boolean
}

const MIB = 1024 * 1024
const HANDSHAKE_TIMEOUT_MS = 5_000
const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 30_000
/** Node looks for what is over its time every half minute unless it is told otherwise. */
const CHECKING_MS = 5_000
const KEEP_ALIVE_MS = 60_000
const MOST_CONNECTIONS = 500

/** The administrators' HTTPS API over the services, ready to listen or to be called by `inject`. */
export async function createApi(services: Services, options: ApiOptions): Promise<Api> {
  const app: Api = Fastify({
    // A connection that does not even shake hands must not keep others out for long.
    https: {
      ...options.tls,
      minVersion: 'TLSv1.2',
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      connectionsCheckingInterval: CHECKING_MS,
    },
    bodyLimit: MIB,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    routerOptions: { maxParamLength: 1024 },
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    frameworkErrors: answerUnreadableAddress,
    forceCloseConnections: true,
    return503OnClosing: true,
    schemaController: NO_JSON_SCHEMAS,
  }).withTypeProvider<ZodTypeProvider>()
  app.server.headersTimeout = HEADERS_TIMEOUT_MS
  app.server.maxConnections = MOST_CONNECTIONS
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(headersOf(request))
  })
  installErrorReplies(app, services.log)
  installGuard(app, services.accounts)
  installAudit(app, services)
  installOpenApi(app)
  probeRoutes(app, services, options)
  for (const routes of API_ROUTES) {
    await app.register(
      (scope: Api, _options, done) => {
        routes(scope, services)
        done()
      },
      { prefix: '/api/v1' },
    )
  }
  await app.ready()
  return app
}

const API_ROUTES: readonly ((app: Api, services: Services) => void)[] = [
  loginRoutes,
  adminRoutes,
  tokenRoutes,
  configurationRoutes,
  userRoutes,
  grantRoutes,
  groupRoutes,
  macRoutes,
  directoryRoutes,
  certificateRoutes,
  certificateRequestRoutes,
  acmeAdminRoutes,
  challengeRoutes,
  connectionRoutes,
  gatewayRoutes,
  clientErrorRoutes,
  linkRoutes,
  profileLintRoutes,
  authorityRoutes,
  domainPolicyRoutes,
  serverCertificateRoutes,
  trustRoutes,
  clientRoutes,
  captureRoutes,
  dryRunRoutes,
  clientSecretRoutes,
  supportBundleRoutes,
  sessionRoutes,
  sessionActionRoutes,
  shieldRoutes,
  sourceRoutes,
  sourceTestRoutes,
  upstreamRoutes,
  receiptRoutes,
  logLevelRoutes,
]
