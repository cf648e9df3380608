import { fromUtf8 } from '@sallyport/bytes'
import { ClientObservationStore } from '../../access/clients/client-observation-store.ts'
import { CLIENT_SECRET_MARK } from '../../access/clients/client-observations.ts'
import { DynamicAuthorizationStore } from '../../access/dynamic-authorization/dynamic-authorization-store.ts'
import { SessionStore } from '../../access/session-store.ts'
import { type Receipt, ReceiptStore } from '../../journal/index.ts'
import type { GatewayInput } from '../../profiles/gateway-input.ts'
import { nasIdentifierOf } from '../../profiles/gateways/read-me.ts'
import { render } from '../../reasons/index.ts'
import type { ApiParts } from '../api-services.ts'
import type { GatewaySeen, SeenDrop, SeenLogin } from './seen.ts'

type Parts = Pick<ApiParts, 'configuration' | 'reader' | 'workers' | 'sealer' | 'clock'>

/** Enough to see a habit; the check reads no more of a busy gateway. */
const LOOKED_AT = 50

/** Everything that is known of a gateway's client, up to this moment. */
export async function collectSeen(parts: Parts, input: GatewayInput): Promise<GatewaySeen> {
  const { configuration, reader, workers, sealer, clock } = parts
  const { gateway, client } = input
  await Promise.all(workers.map((worker) => worker.remote.storeObservations()))
  const about = { client: client.name, limit: LOOKED_AT }
  const [sources, monitored, receipts, sessions, changes] = await Promise.all([
    new ClientObservationStore(reader, clock).all(),
    Promise.all(workers.map((worker) => worker.remote.seen())),
    new ReceiptStore(reader).search(about),
    new SessionStore(reader).list(about),
    new DynamicAuthorizationStore(reader).list(about),
  ])
  const markOf = (secret: string) => sealer.mark(fromUtf8(secret), CLIENT_SECRET_MARK)
  const own = [gateway.inside.address, gateway.outside.address]
  return {
    now: clock.now(),
    input,
    sharedWith: configuration.snapshot.configuration.gateways
      .filter((other) => other.client === gateway.client && other.name !== gateway.name)
      .map(({ name }) => name),
    sources: sources.filter((source) => source.client === client.name),
    marks: {
      current: markOf(client.secret),
      ...(client.newSecret !== undefined && { next: markOf(client.newSecret) }),
    },
    drops: merged(monitored.flatMap(({ clients }) => dropsOf(clients, client.name))),
    strangers: monitored
      .flatMap(({ strangers }) => strangers)
      .filter(
        ([address, { nasIdentifier }]) => own.includes(address) || nasIdentifier === nasIdentifierOf(gateway),
      )
      .map(([address, { lastSeenAt }]) => ({ address, lastSeenAt }))
      .sort((a, b) => b.lastSeenAt - a.lastSeenAt),
    logins: receipts.items.map(loginOf),
    sessions: sessions.rows,
    changes: changes.rows,
  }
}

type Seen = Awaited<ReturnType<ApiParts['workers'][number]['remote']['seen']>>

function dropsOf(clients: Seen['clients'], name: string): SeenDrop[] {
  const seen = clients.find(([client]) => client === name)?.[1]
  return [...(seen?.drops ?? [])].map(([code, { packets, lastSeenAt, address }]) => ({
    ...{ code, packets, lastSeenAt, address },
  }))
}

/** The threads share the ports: each saw a part of the packets. */
function merged(drops: readonly SeenDrop[]): SeenDrop[] {
  return [...Map.groupBy(drops, ({ code }) => code).values()].flatMap((same) => {
    const [last] = same.toSorted((a, b) => b.lastSeenAt - a.lastSeenAt)
    return last === undefined
      ? []
      : [{ ...last, packets: same.reduce((sum, { packets }) => sum + packets, 0) }]
  })
}

function loginOf({ at, outcome, reason, method, facts }: Receipt): SeenLogin {
  const { attributes = {} } = facts.request ?? {}
  return { at, outcome, sentence: render(reason).sentence, method, attributes }
}
