import { DynamicAuthorizationStore } from '../access/dynamic-authorization/dynamic-authorization-store.ts'
import { DynamicAuthorizer } from '../access/dynamic-authorization/dynamic-authorizer.ts'
import { SessionStore } from '../access/session-store.ts'
import type { ConfigurationService } from '../config/apply.ts'
import { WorkLimit } from '../identity/local/work-limit.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Logging } from '../kernel/logging.ts'
import type { Metrics } from '../kernel/metrics.ts'
import type { Database } from '../store/database.ts'
import type { RemoteStores } from './store-thread.ts'

/** Each holds a socket for as long as its device is silent. */
const DEVICES_ASKED_AT_A_TIME = 64
const REQUESTS_WAITING = 10_000

/** What tells devices about their sessions. One for the process: it keeps two requests about one session apart. */
export function sessionControl(parts: {
  readonly configuration: ConfigurationService
  /** Addresses this server listens on. */
  readonly listening: readonly string[]
  readonly reader: Database
  readonly stores: RemoteStores
  readonly clock: Clock
  readonly logging: Logging
  readonly metrics: Metrics
}): DynamicAuthorizer {
  const { configuration, listening, reader, stores, clock, logging, metrics } = parts
  const outcomes = metrics.counter(
    'dynamic_authorizations_total',
    'CoA and Disconnect by client, action and outcome',
    ['client', 'action', 'outcome'],
  )
  return new DynamicAuthorizer({
    snapshot: () => configuration.snapshot,
    sessions: new SessionStore(reader),
    reported: new DynamicAuthorizationStore(reader),
    store: stores.dynamicAuthorizations,
    limit: new WorkLimit(DEVICES_ASKED_AT_A_TIME, REQUESTS_WAITING),
    listening,
    clock,
    log: logging.for('coa'),
    count: (client, action, outcome) => outcomes.inc({ client, action, outcome }),
  })
}
