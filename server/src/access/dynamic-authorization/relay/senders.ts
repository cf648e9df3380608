import { Secret } from '@sallyport/radius'
import { ClientTable } from '../../../config/client-table.ts'
import { DEFAULT_DYNAMIC_AUTHORIZATION } from '../../../config/schema.ts'
import type { Snapshot } from '../../../config/snapshot.ts'

/** A RADIUS client as the sender of CoA and Disconnect. */
export interface Sender {
  readonly name: string
  readonly secrets: readonly Secret[]
  readonly maySend: boolean
  readonly requireEventTimestamp: boolean
}

/** Who may send. Every enabled client is known, so that one without permission is told so instead of left to wonder. */
export class Senders {
  readonly #table: ClientTable<Sender | undefined>
  /** Whether anybody may: else there is no port to send to. */
  readonly some: boolean

  constructor({ configuration, clientAddresses }: Pick<Snapshot, 'configuration' | 'clientAddresses'>) {
    const byName = new Map(
      configuration.clients.map((client): [string, Sender | undefined] => {
        const { name, enabled, secret, newSecret, dynamicAuthorizationSecret: own } = client
        const { maySend, requireEventTimestamp } =
          client.dynamicAuthorization ?? DEFAULT_DYNAMIC_AUTHORIZATION
        if (!enabled) return [name, undefined]
        const secrets = own !== undefined ? [own] : newSecret === undefined ? [secret] : [secret, newSecret]
        return [
          name,
          { name, maySend, requireEventTimestamp, secrets: secrets.map((text) => new Secret(text)) },
        ]
      }),
    )
    this.some = [...byName.values()].some((sender) => sender?.maySend)
    this.#table = new ClientTable(
      clientAddresses.map(({ client, networks }) => ({ networks, value: byName.get(client) })),
    )
  }

  find(address: string): Sender | undefined {
    return this.#table.find(address)
  }
}
