import { stringify } from 'yaml'
import type { ConfigurationDocument } from '../../config/schema.ts'
import { withReferences } from '../../config/secrets.ts'
import { RequestError } from '../../kernel/errors.ts'
import type { Services } from '../../listeners/https/services.ts'
import type { ApiParts } from '../api-services.ts'

export type ClientDocument = ConfigurationDocument['clients'][number]

/** A client as a document writes it, secrets as references: what is not changed stays what it is. */
export function clientDocument({ configuration }: ApiParts, name: string): ClientDocument {
  const { clients } = withReferences(configuration.snapshot.configuration)
  const client = clients.find((each) => each.name === name)
  if (client === undefined) {
    throw new RequestError('client-not-found', `There is no RADIUS client "${name}".`, { client: name })
  }
  return client
}

/** Applies changed clients as a configuration version like any other: checked, audited, taken back by rollback. */
export function applyClients(
  { configuration }: ApiParts,
  apply: Services['configuration']['apply'],
  clients: readonly Partial<ClientDocument>[],
  { author, comment }: { readonly author: string; readonly comment: string },
): ReturnType<Services['configuration']['apply']> {
  const baseVersion = configuration.snapshot.version
  return apply({ document: stringify({ clients }), prune: false, baseVersion, comment }, author)
}
