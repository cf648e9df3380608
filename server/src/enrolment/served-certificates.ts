import type { ServerCertificateConfiguration } from '../config/schema.ts'
import { BUILT_IN_CERTIFICATE } from '../config/sections/server-certificates.ts'
import type { ServerCertificates, ServerCredentials, TlsCredential } from './server-certificates.ts'

/** A server certificate and whom it is shown to; plain data with a private key. */
export interface ServedServerCertificate {
  readonly name: string
  readonly certificates: readonly { readonly chain: string; readonly key: string }[]
  readonly clients: readonly string[]
  readonly realms: readonly string[]
}

/**
 * What the RADIUS workers show: the entries of `serverCertificates` in their order, then the built-in certificate, which
 * is for everybody unless an entry is.
 */
export async function servedCertificates(
  entries: readonly ServerCertificateConfiguration[],
  builtIn: ServerCredentials['radius'],
  issuer: Pick<ServerCertificates, 'radius'>,
): Promise<ServedServerCertificate[]> {
  const served: ServedServerCertificate[] = []
  for (const entry of entries) {
    const { name, clients, realms } = entry
    const certificates =
      entry.kind === 'pem'
        ? [{ chain: entry.chain, key: entry.key }]
        : pair(await issuer.radius(entry.serverName, name))
    served.push({ name, certificates, clients, realms })
  }
  return [...served, { name: BUILT_IN_CERTIFICATE, certificates: pair(builtIn), clients: [], realms: [] }]
}

function pair({ ecdsa, rsa }: ServerCredentials['radius']) {
  return [ecdsa, rsa].map(({ cert, key }: TlsCredential) => ({ chain: cert, key }))
}
