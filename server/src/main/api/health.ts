import { GrantStore } from '../../grants/grant-store.ts'
import type { Services } from '../../listeners/https/services.ts'
import type { ApiParts } from '../api-services.ts'
import { downSentence } from '../sources/source-watch.ts'
import { VERSION } from '../version.ts'
import { instant } from './instant.ts'

export function healthApi({
  configuration,
  startedAt,
  ready,
  stores,
  workers,
  expiry,
  expiryMailing,
  publication,
  sources,
  reader,
  clock,
}: ApiParts): Services['health'] {
  const grants = new GrantStore(reader)
  return {
    ready: async () => ready(),
    report: async () => {
      const { version, configuration: current } = configuration.snapshot
      const legacy = current.clients.filter((client) => !client.requireMessageAuthenticator)
      const { failed } = await grants.counts(clock.now() - DAY_MILLISECONDS)
      const unresolved = configuration.clientNames.filter(({ failure }) => failure !== undefined)
      const status = [...(await sources.status()).values()]
      return {
        version: VERSION,
        startedAt: instant(startedAt),
        ready: ready(),
        configVersion: version,
        parts: [
          await part('store', () => stores.control.metrics()),
          ...(await Promise.all(
            workers.map((worker, index) => part(`radius worker ${index}`, () => worker.remote.seen())),
          )),
        ],
        warnings: [
          ...status
            .filter(({ state }) => state === 'down')
            .map((source) => `${downSentence(source)} See: npx sallyport sources`),
          ...legacy.map(
            ({ name }) =>
              `RADIUS client "${name}" may ask without Message-Authenticator (CVE-2024-3596). Update the device, then set requireMessageAuthenticator.`,
          ),
          ...(failed === 0
            ? []
            : [
                `${failed} session${failed === 1 ? '' : 's'} could not be ended or changed within the last 24 hours after a fact changed. See: npx sallyport grants --state failed`,
              ]),
          ...unresolved.map(
            ({ name, failure }) => `The DNS name ${name} of a RADIUS client has no answer: ${failure}`,
          ),
          ...expiry.warnings(),
          ...expiryMailing.warnings(),
          ...publication.warnings(),
        ],
      }
    },
  }
}

const DAY_MILLISECONDS = 86_400_000
const ANSWER_MILLISECONDS = 2000

/** A thread that does not answer a question within two seconds is not well. */
async function part(name: string, ask: () => Promise<unknown>) {
  const late = Symbol('late')
  const timer = Promise.withResolvers<typeof late>()
  const timeout = setTimeout(() => timer.resolve(late), ANSWER_MILLISECONDS)
  try {
    const answer = await Promise.race([ask(), timer.promise])
    return answer === late
      ? { name, state: 'degraded' as const, detail: 'slow to answer' }
      : { name, state: 'ok' as const }
  } catch {
    return { name, state: 'down' as const, detail: 'does not answer' }
  } finally {
    clearTimeout(timeout)
  }
}
