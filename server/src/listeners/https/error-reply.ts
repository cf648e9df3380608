import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { ConfigError, RequestError, UpstreamError } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/logging.ts'

/** What every answer that is not 2xx carries. */
export interface ErrorBody {
  readonly error: {
    readonly code: string
    readonly message: string
    /** The same id stands in the server's log, beside the cause. */
    readonly requestId: string
    readonly problems?: readonly Problem[]
  }
}

/** One thing wrong with a document or a body: where, and what. */
export interface Problem {
  readonly path: string
  readonly message: string
  readonly suggestion?: string
}

/** Stable codes of a RequestError -> HTTP status. A code that is not listed is 400. */
export const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  'invalid-request': 400,
  'not-authenticated': 401,
  'login-refused': 401,
  'csrf-token-missing': 403,
  'not-allowed': 403,
  'not-found': 404,
  'already-exists': 409,
  'last-admin': 409,
  'base-version-moved': 409,
  'body-too-large': 413,
  'unsupported-media-type': 415,
  'too-many-tries': 429,
  'weak-password': 422,
  'invalid-configuration': 422,
  'not-available': 503,
  internal: 500,
}

interface Answer {
  readonly status: number
  readonly code: string
  readonly message: string
  readonly problems?: readonly Problem[]
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

function send(reply: FastifyReply, request: FastifyRequest, answer: Answer): FastifyReply {
  const { status, code, message, problems } = answer
  const body: ErrorBody = {
    error: { code, message, requestId: request.id, ...(problems === undefined ? {} : { problems }) },
  }
  // Serialized here: the error may concern the very schema of the route.
  return reply.code(status).type('application/json; charset=utf-8').serializer(JSON.stringify).send(body)
}

/** Classifies by type and code alone. What is not meant for the caller becomes the same short sentence. */
function answerTo(error: FastifyError): Answer {
  if (error instanceof RequestError) {
    return {
      status: STATUS_BY_CODE[error.code] ?? 400,
      code: error.code,
      message: error.message,
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
    return { status: 400, code: 'invalid-request', message: 'The request is not valid.', problems }
  }
  return (
    fastifyAnswer(error) ?? { status: 500, code: 'internal', message: 'Something went wrong on our side.' }
  )
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
    ? { status: 400, code: 'invalid-request', message: 'The request is not valid.' }
    : undefined
}

function problemsOf(value: unknown): { problems?: readonly Problem[] } {
  // The values of our own errors; whoever throws a ConfigError lists its problems in this shape.
  return Array.isArray(value) ? { problems: value as readonly Problem[] } : {}
}
