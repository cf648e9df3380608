import type { FastifyInstance } from 'fastify'
import type { Services } from './services.ts'

/**
 * Every call of a known caller that may change something leaves a row: who, what, on what, from where, and whether it
 * was done. Strangers leave none: they must not be able to fill the trail. Their failed logins stand in the log.
 */
export function installAudit(
  app: FastifyInstance,
  services: Pick<Services, 'audit' | 'clock' | 'log'>,
): void {
  // Before the answer leaves, and also where nobody waits for it any more: after a reset connection there is no response.
  app.addHook('onSend', async (request, reply) => {
    const { url, config } = request.routeOptions
    const { principal } = request
    if (
      principal === undefined ||
      url === undefined ||
      request.method === 'GET' ||
      request.method === 'HEAD' ||
      config.readOnly
    )
      return
    try {
      await services.audit.record({
        at: services.clock.now(),
        actor: principal.name,
        action: `${request.method} ${url}`,
        target: request.url.split('?', 1)[0] ?? url,
        outcome: reply.statusCode < 400 ? 'done' : 'refused',
        origin: request.ip,
        details: { status: reply.statusCode, requestId: request.id, via: principal.via },
      })
    } catch (error) {
      services.log.error({ requestId: request.id, err: error }, 'audit entry not written')
    }
  })
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A POST that changes nothing (a dry run): not audited. */
    readOnly?: boolean
  }
}
