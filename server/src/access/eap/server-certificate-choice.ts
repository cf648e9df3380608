import type { EapMethodFactory, TlsCertificate } from '@sallyport/eap'

/** A server certificate as a worker serves it, and to whom. */
export interface ServedCertificate {
  readonly name: string
  /** One for each kind of key: TLS picks the one the peer can verify. */
  readonly certificates: readonly TlsCertificate[]
  /** Names of RADIUS clients and realms; both empty: for everybody whom no other one is for. */
  readonly clients: readonly string[]
  readonly realms: readonly string[]
}

/** Which server certificate a login is shown: the first that is for its RADIUS client and the realm of its outer identity. */
export class ServerCertificateChoice {
  readonly #special: readonly ServedCertificate[]
  readonly #others: string
  readonly #realmOf: (identity: string) => string | undefined

  /** @param realmOf realm of an outer identity; undefined where it belongs to none */
  constructor(served: readonly ServedCertificate[], realmOf: (identity: string) => string | undefined) {
    this.#special = served.filter(({ clients, realms }) => clients.length + realms.length > 0)
    const others = served.find((entry) => !this.#special.includes(entry))
    if (others === undefined) throw new TypeError('no server certificate is for everybody')
    this.#others = others.name
    this.#realmOf = realmOf
  }

  choose(client: string, identity: string): string {
    if (this.#special.length === 0) return this.#others
    const realm = this.#realmOf(identity)
    const fitting = this.#special.find(
      ({ clients, realms }) =>
        (clients.length === 0 || clients.includes(client)) &&
        (realms.length === 0 || (realm !== undefined && realms.includes(realm))),
    )
    return fitting?.name ?? this.#others
  }
}

/**
 * EAP methods that show each conversation the certificate its scope names. Every certificate has methods of its own,
 * and with them TLS sessions of its own: what was begun under one is never resumed under another.
 */
export function methodsByCertificate(
  sets: ReadonlyMap<string, ReadonlyMap<number, EapMethodFactory>>,
  certificateOf: (scope: unknown) => string,
): ReadonlyMap<number, EapMethodFactory> {
  const [first, ...others] = sets.values()
  if (first === undefined) throw new TypeError('no server certificate')
  if (others.length === 0) return first
  return new Map(
    [...first.keys()].map((type) => [
      type,
      (context) => {
        const make = sets.get(certificateOf(context.scope))?.get(type)
        if (make === undefined) throw new TypeError('a conversation has no server certificate')
        return make(context)
      },
    ]),
  )
}
