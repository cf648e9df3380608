import { isIP } from 'node:net'
import {
  type Certificate,
  certificateNames,
  distinguishedName,
  type GeneralName,
  generateKeyPairFor,
  HTTPS_SERVER,
  hasIssued,
  ipOctets,
  ipText,
  type KeyAlgorithm,
  PkiError,
  RADIUS_SERVER,
} from '@sallyport/pki'
import { ConfigError } from '../kernel/errors.ts'
import { type AuthorityParts, type CertificateAuthority, DAY, openCertificate } from './authority.ts'
import { privateKeyPem } from './private-key.ts'

/** What a TLS server presents: the chain, leaf first, and the key, both in PEM. Holds a secret. */
export interface TlsCredential {
  readonly cert: string
  readonly key: string
  /** Milliseconds since the epoch. */
  readonly notAfter: number
  /** SHA-256 of the leaf, lower-case hex. */
  readonly fingerprint: string
}

export interface ServerCredentials {
  /** TLS picks the one the peer can verify. */
  readonly radius: { readonly ecdsa: TlsCredential; readonly rsa: TlsCredential }
  readonly https: TlsCredential
}

export interface ServerNames {
  /** `settings.serverName`: the name supplicants are told to expect. */
  readonly radius: string
  /** DNS names and addresses of the HTTPS listener. */
  readonly https: readonly string[]
}

/** Renewed when less than this is left: six weeks to notice that renewal fails. */
const RENEW_BEFORE = 42 * DAY
/** 397 days: the most that TLS clients of the field take from a server. */
const LIFETIME_DAYS = 397

interface Wanted {
  readonly kind: string
  readonly algorithm: KeyAlgorithm
  readonly template: typeof RADIUS_SERVER
  readonly names: readonly string[]
}

/** The certificates the product itself presents, made on the first start and renewed before they end. */
export class ServerCertificates {
  readonly #authority: CertificateAuthority
  readonly #parts: AuthorityParts

  constructor(authority: CertificateAuthority, parts: AuthorityParts) {
    this.#authority = authority
    this.#parts = parts
  }

  /**
   * The credentials to present now. Those that are missing, end soon, carry other names or come from a former CA are
   * made anew; call it at the start, daily, and when the server name changes, and swap where a fingerprint differs.
   *
   * @throws ConfigError 'server-name-invalid'
   */
  async ensure(names: ServerNames): Promise<ServerCredentials> {
    return {
      radius: await this.radius(names.radius),
      https: await this.#ensure({
        kind: 'https-server',
        algorithm: 'p256',
        template: HTTPS_SERVER,
        names: names.https,
      }),
    }
  }

  /**
   * As `ensure`, for one more RADIUS server name.
   *
   * @param entry name of its entry in `serverCertificates`; absent: the built-in one
   */
  async radius(name: string, entry?: string): Promise<ServerCredentials['radius']> {
    const radius = { template: RADIUS_SERVER, names: [name] }
    const suffix = entry === undefined ? '' : `/${entry}`
    return {
      ecdsa: await this.#ensure({ ...radius, kind: `radius-server-ecdsa${suffix}`, algorithm: 'p256' }),
      rsa: await this.#ensure({ ...radius, kind: `radius-server-rsa${suffix}`, algorithm: 'rsa2048' }),
    }
  }

  async #ensure(wanted: Wanted): Promise<TlsCredential> {
    return (await this.#load(wanted)) ?? (await this.#issue(wanted))
  }

  async #load(wanted: Wanted): Promise<TlsCredential | undefined> {
    const newest = (await this.#parts.store.issuedOfKind(wanted.kind)).at(-1)
    if (newest === undefined || newest.not_after - this.#parts.clock.now() < RENEW_BEFORE) return undefined
    const { certificate, privateKey } = openCertificate(newest, this.#parts.sealer)
    if (!hasIssued(this.#authority.issuing, certificate)) return undefined
    const { dnsNames, ips } = certificateNames(certificate)
    const carried = [...dnsNames, ...ips].sort().join()
    const asked = wanted.names.map((name) => (isIP(name) ? ipText(ipOctets(name)) : name))
    return carried === asked.sort().join()
      ? this.#credential(certificate, privateKeyPem(privateKey))
      : undefined
  }

  async #issue({ kind, algorithm, template, names }: Wanted): Promise<TlsCredential> {
    const { publicKey, privateKey } = generateKeyPairFor(algorithm)
    const [first = ''] = names
    try {
      const certificate = await this.#authority.issue({
        ...{ kind, template, publicKey, privateKey },
        subject: distinguishedName(['CN', first]),
        san: names.map(serverName),
        days: LIFETIME_DAYS,
      })
      return this.#credential(certificate, privateKeyPem(privateKey))
    } catch (error) {
      if (!(error instanceof PkiError)) throw error
      const message = `No ${template.name} certificate can be made for '${names.join(', ')}': ${error.message}.`
      throw new ConfigError('server-name-invalid', message, { names: names.join(', ') }, error)
    }
  }

  #credential(certificate: Certificate, key: string): TlsCredential {
    const { notAfter, fingerprint } = certificate
    return { cert: this.#authority.chainPem(certificate), key, notAfter, fingerprint }
  }
}

function serverName(name: string): GeneralName {
  return isIP(name) ? { kind: 'ip', octets: ipOctets(name) } : { kind: 'dns', name }
}
