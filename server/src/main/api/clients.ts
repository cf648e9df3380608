import type { Client, Drop, Services, UnknownClient } from '../../listeners/https/services.ts'
import type { ClientSeen, DropSeen, UnknownSeen } from '../../listeners/radius-udp/client-monitor.ts'
import { isReasonCode, reason, render, titleOf } from '../../reasons/index.ts'
import type { ApiParts } from '../api-services.ts'
import type { RadiusThread } from '../radius-thread.ts'
import { instant, optional } from './instant.ts'
import { mergeSeen } from './merge-seen.ts'

export function clientApi({ configuration, workers }: ApiParts): Services['clients'] {
  return {
    list: async () => {
      const { configuration: current, clientAddresses } = configuration.snapshot
      const networks = new Map(clientAddresses.map((entry) => [entry.client, entry.networks]))
      const seen = await seenByClient(workers)
      return current.clients.map((client): Client => {
        const { name, address, enabled, vendor, requireMessageAuthenticator, newSecret } = client
        const counted = seen.get(name)
        const drop = counted?.lastDrop
        return {
          name,
          address,
          networks: networks.get(name) ?? [],
          enabled,
          vendor,
          requireMessageAuthenticator,
          changingSecret: newSecret !== undefined,
          counters: {
            requests: counted?.requests ?? 0,
            accepts: counted?.accepts ?? 0,
            rejects: counted?.rejects ?? 0,
            dropped: counted?.dropped ?? 0,
          },
          ...optional('lastDrop', drop === undefined ? undefined : dropOf(drop)),
          ...optional(
            'lastSeenAt',
            counted === undefined || counted.lastSeenAt === 0 ? null : instant(counted.lastSeenAt),
          ),
        }
      })
    },
    resolve: async (address) => {
      const { networks, failure } = await configuration.verifyAddress(address)
      return { address, networks, ...optional('problem', failure) }
    },
  }
}

function dropOf({ at, code }: NonNullable<ClientSeen['lastDrop']>): NonNullable<Client['lastDrop']> {
  return { at: instant(at), code, title: isReasonCode(code) ? titleOf(code) : code }
}

/** The counters of all workers together. */
async function seenByClient(workers: readonly RadiusThread[]): Promise<Map<string, ClientSeen>> {
  const all = new Map<string, ClientSeen>()
  for (const { clients } of await Promise.all(workers.map((worker) => worker.remote.seen()))) {
    for (const [name, seen] of clients) {
      const sum = all.get(name)
      if (sum === undefined) {
        all.set(name, { ...seen })
        continue
      }
      sum.requests += seen.requests
      sum.accepts += seen.accepts
      sum.rejects += seen.rejects
      sum.dropped += seen.dropped
      sum.lastSeenAt = Math.max(sum.lastSeenAt, seen.lastSeenAt)
      if (seen.lastDrop !== undefined && seen.lastDrop.at > (sum.lastDrop?.at ?? 0))
        sum.lastDrop = seen.lastDrop
    }
  }
  return all
}

/** Addresses that asked and belong to no client, the latest first. */
export async function unknownClients(workers: readonly RadiusThread[]): Promise<UnknownClient[]> {
  return (await strangersOf(workers)).map(([address, stranger]) => {
    const { count: packets, access, accounting, other, nasIdentifier, firstSeenAt, lastSeenAt } = stranger
    return {
      address,
      packets,
      kinds: { access, accounting, other },
      ...optional('nasIdentifier', nasIdentifier),
      firstSeenAt: instant(firstSeenAt),
      lastSeenAt: instant(lastSeenAt),
    }
  })
}

/** One address may reach several workers, by its port. */
async function strangersOf(workers: readonly RadiusThread[]): Promise<[string, UnknownSeen][]> {
  const seen = await Promise.all(workers.map((worker) => worker.remote.seen()))
  const lists = seen.map(({ strangers }) => strangers)
  return mergeSeen(lists, (latest, before) => ({
    ...before,
    ...latest,
    access: latest.access + before.access,
    accounting: latest.accounting + before.accounting,
    other: latest.other + before.other,
  }))
}

/** Why packets got no answer, by sender and reason, the latest first: there is no receipt where no login was begun. */
export async function drops(workers: readonly RadiusThread[]): Promise<Drop[]> {
  const found = new Map<string, DropSeen & { readonly client?: string }>()
  // The threads share the ports: each saw a part of the packets.
  const add = (key: string, seen: DropSeen & { readonly client?: string }): void => {
    const known = found.get(key)
    if (known === undefined) {
      found.set(key, seen)
      return
    }
    const later = seen.lastSeenAt > known.lastSeenAt ? seen : known
    const firstSeenAt = Math.min(seen.firstSeenAt, known.firstSeenAt)
    found.set(key, { ...later, packets: seen.packets + known.packets, firstSeenAt })
  }
  for (const { clients } of await Promise.all(workers.map((worker) => worker.remote.seen()))) {
    for (const [client, { drops: byCode }] of clients) {
      for (const [code, seen] of byCode) add(`${client} ${code}`, { ...seen, client })
    }
  }
  for (const [address, { count: packets, firstSeenAt, lastSeenAt }] of await strangersOf(workers)) {
    const why = reason('unknown-client', { address })
    add(`unknown ${address}`, { packets, firstSeenAt, lastSeenAt, address, reason: why })
  }
  return [...found.values()].map(dropOfSeen).sort((a, b) => b.lastSeenAt.localeCompare(a.lastSeenAt))
}

function dropOfSeen({ reason: why, firstSeenAt, lastSeenAt, ...seen }: DropSeen & { client?: string }): Drop {
  const at = { firstSeenAt: instant(firstSeenAt), lastSeenAt: instant(lastSeenAt) }
  return { ...seen, ...at, reason: why.code, ...render(why) }
}
