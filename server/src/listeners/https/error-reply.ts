import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import type { Problem as ConfigurationProblem } from '../../config/problem.ts'
import { ConfigError, RequestError, UpstreamError } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/logging.ts'
import { definitionOf, isReasonCode } from '../../reasons/reason.ts'

/** One thing wrong: where, and what. Problems of a document also tell line, code and severity. */
export type Problem = Pick<ConfigurationProblem, 'path' | 'message'> & Partial<ConfigurationProblem>

/** What every answer that is not 2xx carries. */
export interface ErrorBody {
  readonly error: {
    readonly code: string
    readonly message: string
    /** The same id stands in the server's log, beside the cause. */
    readonly requestId: string
    /** Who has to do what, where whoever refused it says so. */
    readonly nextStep?: string
    readonly problems?: readonly Problem[]
  }
}

/** Codes of RequestErrors -> HTTP status; the others stand in the table of reasons. A code in neither is 400. */
export const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  'login-refused': 401,
  'csrf-token-missing': 403,
  'body-too-large': 413,
  'unsupported-media-type': 415,
  'weak-password': 422,
  'last-admin': 409,
  'version-conflict': 409,
  'no-such-version': 404,
  'user-not-found': 404,
  'user-exists': 409,
  'user-refused': 422,
  'password-refused': 422,
  'group-not-found': 404,
  'group-exists': 409,
  'group-refused': 422,
  'group-ring': 422,
  'group-too-deep': 422,
  'capture-running': 409,
  'client-not-found': 404,
  'client-exists': 409,
  'client-not-ready': 409,
  'rotation-under-way': 409,
  'rotation-unproved': 409,
  'rotation-untellable': 409,
  'no-rotation': 409,
  'mac-not-found': 404,
  'mac-exists': 409,
  'mac-invalid': 422,
  'directory-not-found': 404,
  'directory-not-synced': 409,
  'directory-sync-running': 409,
  'directory-unavailable': 422,
  'no-realm-for-user': 422,
  'certificate-request-invalid': 422,
  'configuration-not-served': 500,
  'certificate-not-found': 404,
  'acme-not-served': 409,
  'acme-keys-full': 409,
  'acme-key-not-found': 404,
  'acme-account-not-found': 404,
  'trust-not-found': 404,
  'ca-prepared': 409,
  'ca-not-prepared': 409,
  'ca-not-requested': 409,
  'ca-certificate-refused': 422,
  'ca-exists': 409,
  'ca-root-elsewhere': 409,
  'ca-anchor-missing': 409,
  'certificate-not-revocable': 409,
  'challenge-invalid': 422,
  'challenge-not-found': 404,
  'too-many-challenges': 409,
  'client-error-unknown': 404,
  'profile-unreadable': 422,
  'connection-not-found': 404,
  'connection-disabled': 409,
  'gateway-not-found': 404,
  'output-not-found': 404,
  'profile-not-possible': 422,
  'profile-text-unwritable': 422,
  'certificate-not-offered': 422,
  'links-disabled': 409,
  'link-not-found': 404,
  'too-many-links': 409,
  'mail-not-possible': 409,
  'mail-not-sent': 502,
}

interface Answer {
  readonly status: number
  readonly code: string
  readonly message: string
  readonly nextStep?: string
  readonly problems?: readonly Problem[]
}

/** A page of ours needs none of these powers; an answer of ours belongs in no cache. */
const SECURITY_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const

/** What every answer carries, also one to a request that no route sees. */
export function headersOf(request: FastifyRequest): Readonly<Record<string, string>> {
  return { ...SECURITY_HEADERS, 'x-request-id': request.id }
}

export function installErrorReplies(app: FastifyInstance, log: Logger): void {
  app.setNotFoundHandler((request, reply) =>
    send(reply, request, { status: 404, code: 'not-found', message: 'There is nothing at this address.' }),
  )
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const answer = answerTo(error)
    const line = { requestId: request.id, method: request.method, path: request.routeOptions.url, err: error }
    if (answer.status >= 500) log.error(line, 'request failed')
    else log.debug(line, 'request refused')
    if (error instanceof RequestError && typeof error.values.retryAfterSeconds === 'number') {
      reply.header('retry-after', error.values.retryAfterSeconds)
    }
    return send(reply, request, answer)
  })
}

/** An address that cannot be read is answered before any hook runs. */
export function answerUnreadableAddress(
  _error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const told = { status: 400, code: 'request-invalid', message: 'The address of the request is not valid.' }
  return send(reply.headers(headersOf(request)), request, told)
}

function send(reply: FastifyReply, request: FastifyRequest, answer: Answer): FastifyReply {
  const { status, ...told } = answer
  const body: ErrorBody = { error: { ...told, requestId: request.id } }
  // Serialized here: the error may concern the very schema of the route.
  return reply.code(status).type('application/json; charset=utf-8').serializer(JSON.stringify).send(body)
}

/** Classifies by type and code alone. What is not meant for the caller becomes the same short sentence. */
function answerTo(error: FastifyError): Answer {
  if (error instanceof RequestError) {
    return {
      status: statusOf(error.code),
      code: error.code,
      message: error.message,
      ...nextStepOf(error.values.nextStep),
      ...problemsOf(error.values.problems),
    }
  }
  if (error instanceof ConfigError) {
    return { status: 422, code: error.code, message: error.message, ...problemsOf(error.values.problems) }
  }
  if (error instanceof UpstreamError) {
    return { status: 503, code: error.code, message: 'Something the server depends on does not answer.' }
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const problems = error.validation.map((issue) => ({
      path: `${error.validationContext ?? 'request'}${issue.instancePath}`,
      message: issue.message ?? 'is not valid',
    }))
    return { status: 400, code: 'request-invalid', message: 'The request is not valid.', problems }
  }
  return (
    fastifyAnswer(error) ?? {
      status: 500,
      code: 'internal-error',
      message: 'Something went wrong on our side.',
    }
  )
}

function statusOf(code: string): number {
  return (isReasonCode(code) ? definitionOf(code).http : STATUS_BY_CODE[code]) ?? 400
}

/** Fastify's own refusals, before any handler ran. */
function fastifyAnswer(error: FastifyError): Answer | undefined {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return { status: 413, code: 'body-too-large', message: 'The body is too large.' }
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return { status: 415, code: 'unsupported-media-type', message: 'Send JSON.' }
  }
  const status = error.statusCode ?? 500
  return status >= 400 && status < 500
    ? { status: 400, code: 'request-invalid', message: 'The request is not valid.' }
    : undefined
}

function nextStepOf(value: unknown): { nextStep?: string } {
  return typeof value === 'string' ? { nextStep: value } : {}
}

function problemsOf(value: unknown): { problems?: readonly Problem[] } {
  // The values of our own errors; whoever throws a ConfigError lists its problems in this shape.
  return Array.isArray(value) ? { problems: value as readonly Problem[] } : {}
}
