import { fromUtf8 } from '@sallyport/bytes'
import { ClientObservationStore } from '../../access/clients/client-observation-store.ts'
import { CLIENT_SECRET_MARK } from '../../access/clients/client-observations.ts'
import { type BoardRow, boardRow } from '../../access/clients/message-authenticator-board.ts'
import { listed, type Rotation, rotationOf } from '../../access/clients/secret-rotation.ts'
import type { ClientConfiguration } from '../../config/schema.ts'
import { RequestError } from '../../kernel/errors.ts'
import type {
  ClientBoard,
  ClientBoardQuery,
  ClientRotation,
  MadeSecret,
  Services,
} from '../../listeners/https/services.ts'
import type { ApiParts } from '../api-services.ts'
import { applyClients, clientDocument } from './client-changes.ts'
import { instant, optional } from './instant.ts'

/** Secret changes with proof, Message-Authenticator by client, and clients adopted from strangers. */
export function clientSecretApi(
  parts: ApiParts,
  apply: Services['configuration']['apply'],
): Services['clientSecrets'] {
  const { configuration, reader, workers, sealer, clock } = parts
  const store = new ClientObservationStore(reader, clock)
  const clients = (): readonly ClientConfiguration[] => configuration.snapshot.configuration.clients
  /** What was seen up to this moment, by client. */
  const observed = async () => {
    await Promise.all(workers.map((worker) => worker.remote.storeObservations()))
    return Map.groupBy(await store.all(), ({ client }) => client)
  }
  const markOf = (secret: string): string => sealer.mark(fromUtf8(secret), CLIENT_SECRET_MARK)
  const changing = ({ secret, newSecret = '' }: ClientConfiguration) => ({
    old: markOf(secret),
    new: markOf(newSecret),
  })
  const rotations = async (quietDays: number): Promise<Map<string, Rotation>> => {
    const seen = await observed()
    const under = clients().filter(({ newSecret }) => newSecret !== undefined)
    return new Map(
      under.map((client) => [
        client.name,
        rotationOf(seen.get(client.name) ?? [], changing(client), quietDays, clock.now()),
      ]),
    )
  }
  const board = async (rules: ClientBoardQuery): Promise<Map<string, BoardRow>> => {
    const seen = await observed()
    return new Map(
      clients().map(({ name, requireMessageAuthenticator }) => [
        name,
        boardRow(requireMessageAuthenticator, seen.get(name) ?? [], rules, clock.now()),
      ]),
    )
  }
  return {
    rotations: async ({ quietDays }) =>
      [...(await rotations(quietDays))].map(([client, rotation]) => rotationText(client, rotation)),
    rotate: async (name, { secret, force }, author) => {
      const document = clientDocument(parts, name)
      if (document.newSecret !== undefined) {
        const message = `The secret of "${name}" is being changed already. Finish that first, or cancel it.`
        throw new RequestError('rotation-under-way', message, { client: name })
      }
      const unsigned = ((await observed()).get(name) ?? []).filter((source) => source.unsigned > 0)
      if (!force && !document.requireMessageAuthenticator && unsigned.length > 0) {
        const message =
          `Requests of "${name}" came without Message-Authenticator from ${listed(unsigned.map(({ address }) => address))}. ` +
          'They do not tell which secret they use, so the new one would not work there.'
        throw new RequestError('rotation-untellable', message, { client: name })
      }
      const changed = { ...document, newSecret: secret ?? ({ generate: true } as const) }
      const applied = await applyClients(parts, apply, [changed], {
        author,
        comment: `New secret for ${name}`,
      })
      return madeSecret(name, applied, secret)
    },
    finish: async (name, { force, quietDays }, author) => {
      const { newSecret: _new, ...document } = rotating(parts, name)
      const rotation = (await rotations(quietDays)).get(name)
      if (!force && rotation !== undefined && rotation.obstacles.length > 0) {
        const message = `The old secret of "${name}" may still be needed. ${rotation.obstacles.join(' ')}`
        throw new RequestError('rotation-unproved', message, { client: name })
      }
      const changed = { ...document, secret: { ref: `clients/${name}/newSecret` } }
      const comment = `Old secret of ${name} dropped`
      return { version: (await applyClients(parts, apply, [changed], { author, comment })).version }
    },
    cancel: async (name, author) => {
      const { newSecret: _new, ...document } = rotating(parts, name)
      const comment = `New secret of ${name} taken back`
      return { version: (await applyClients(parts, apply, [document], { author, comment })).version }
    },
    board: async (rules) => [...(await board(rules))].map(([client, row]) => boardText(client, row)),
    enforce: async ({ clients: named, ready, force, ...rules }, author) => {
      const rows = await board(rules)
      const wanted = ready
        ? [...rows].filter(([, { state }]) => state === 'ready').map(([name]) => name)
        : named.filter((name) => rows.get(name)?.state !== 'strict')
      const documents = wanted.map((name) => ({
        ...clientDocument(parts, name),
        requireMessageAuthenticator: true,
      }))
      for (const name of force ? [] : wanted) {
        const { state, obstacles = [] } = rows.get(name) ?? {}
        if (state === 'ready') continue
        const message = `"${name}" is not ready to be held to Message-Authenticator. ${obstacles.join(' ')}`
        throw new RequestError('client-not-ready', message, { client: name })
      }
      if (wanted.length === 0) return { clients: [], version: configuration.snapshot.version }
      const comment = `Message-Authenticator demanded of ${wanted.join(', ')}`.slice(0, 500)
      const { version } = await applyClients(parts, apply, documents, { author, comment })
      return { clients: wanted, version }
    },
    adopt: async ({ secret, ...client }, author) => {
      if (clients().some(({ name }) => name === client.name)) {
        const message = `There is a RADIUS client "${client.name}" already.`
        throw new RequestError('client-exists', message, { client: client.name })
      }
      const document = { ...client, secret: secret ?? ({ generate: true } as const) }
      const comment = `Adopted ${client.address}`
      const applied = await applyClients(parts, apply, [document], { author, comment })
      await Promise.all(workers.map((worker) => worker.remote.forgetStranger(client.address)))
      return madeSecret(client.name, applied, secret)
    },
  }
}

function rotating(parts: ApiParts, name: string) {
  const document = clientDocument(parts, name)
  if (document.newSecret !== undefined) return document
  const message = `The secret of "${name}" is not being changed.`
  throw new RequestError('no-rotation', message, { client: name })
}

/** The secret the server made, shown this once; nothing of one that was given. */
function madeSecret(
  client: string,
  applied: Awaited<ReturnType<Services['configuration']['apply']>>,
  given: string | undefined,
): MadeSecret {
  const made = applied.generated.find(({ path }) => path.startsWith(`clients/${client}/`))
  return {
    client,
    version: applied.version,
    ...optional('secret', given === undefined ? made?.value : undefined),
  }
}

function rotationText(client: string, { addresses, lastOldAt, obstacles }: Rotation): ClientRotation {
  return {
    client,
    proved: obstacles.length === 0,
    obstacles,
    ...optional('lastOldAt', lastOldAt === undefined ? undefined : instant(lastOldAt)),
    addresses: addresses.map(({ lastOldAt: old, lastNewAt, ...address }) => ({
      ...address,
      ...optional('lastOldAt', old === undefined ? undefined : instant(old)),
      ...optional('lastNewAt', lastNewAt === undefined ? undefined : instant(lastNewAt)),
    })),
  }
}

function boardText(client: string, row: BoardRow): ClientBoard {
  const { lastUnsignedAt, signedSince, addresses, ...rest } = row
  const at = (time: number | undefined): string | undefined =>
    time === undefined ? undefined : instant(time)
  return {
    client,
    ...rest,
    ...optional('lastUnsignedAt', at(lastUnsignedAt)),
    ...optional('signedSince', at(signedSince)),
    addresses: addresses.map(({ lastUnsignedAt: last, firstSeenAt, lastSeenAt, ...address }) => ({
      ...address,
      firstSeenAt: instant(firstSeenAt),
      lastSeenAt: instant(lastSeenAt),
      ...optional('lastUnsignedAt', at(last)),
    })),
  }
}
