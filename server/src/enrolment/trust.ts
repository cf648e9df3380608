import { decodePem, encodePem, PkiError, parseCertificate, parseCrl, sameName } from '@sallyport/pki'
import type { RevocationRules, TrustConfiguration, TrustPurpose } from '../config/schema.ts'
import { ConfigError } from '../kernel/errors.ts'

/** One entry of `trust:` as a worker needs it: plain data, everything in PEM. */
export interface TrustedAuthority {
  readonly name: string
  readonly anchors: readonly string[]
  readonly intermediates: readonly string[]
  readonly crls: readonly string[]
  /** Absent: it may vouch for everything. */
  readonly purpose?: TrustPurpose
  /** Absent: `crls` are all there is. */
  readonly revocation?: RevocationRules
  /** Our own: what is revoked is read from the rows, for a CRL of it is always older than they are. */
  readonly isOwn?: boolean
  /** Of our own: keys (`keyIdentifier`) of the CAs that issued before they were ours, and nobody recorded what. */
  readonly importedKeys?: readonly string[]
}

/** Everything trusted for client certificates. A higher version is newer. */
export interface ClientTrust {
  readonly version: number
  readonly authorities: readonly TrustedAuthority[]
}

/**
 * Resolves the `trust:` section. `own`: the trust of our own authority, which changes with every revocation.
 *
 * @throws ConfigError 'trust-invalid'
 */
export function resolveTrust(
  entries: readonly TrustConfiguration[],
  own: TrustedAuthority,
  version: number,
): ClientTrust {
  const authorities = entries.map((entry) =>
    entry.kind === 'own'
      ? { ...own, name: entry.name, purpose: entry.purpose }
      : {
          ...foreignAuthority(entry.name, entry.pem),
          purpose: entry.purpose,
          revocation: entry.revocation,
        },
  )
  return { version, authorities }
}

/**
 * A foreign authority in PEM: its roots are the anchors and other CAs stand in between; without a root every CA is
 * trusted as it is. CRLs may stand beside the certificates.
 */
function foreignAuthority(name: string, pem: string): TrustedAuthority {
  try {
    const certificates = decodePem('CERTIFICATE', pem).map((der) => parseCertificate(der))
    const crls = decodePem('X509 CRL', pem).map((der) => parseCrl(der))
    const [first] = certificates
    if (first === undefined) throw invalid(name, 'it holds no certificate')
    const roots = certificates.filter((certificate) => sameName(certificate.subject, certificate.issuer))
    const anchors = roots.length > 0 ? roots : certificates
    for (const certificate of certificates) {
      const isCa = certificate.extensions.basicConstraints?.ca === true || certificate.version < 3
      if (!isCa) throw invalid(name, 'it holds a certificate that is not a CA certificate')
    }
    const others = certificates.filter((certificate) => !anchors.includes(certificate))
    return {
      name,
      anchors: anchors.map(({ der }) => encodePem('CERTIFICATE', der)),
      intermediates: others.map(({ der }) => encodePem('CERTIFICATE', der)),
      crls: crls.map(({ der }) => encodePem('X509 CRL', der)),
    }
  } catch (error) {
    if (error instanceof PkiError) throw invalid(name, error.message, error)
    throw error
  }
}

function invalid(name: string, why: string, cause?: unknown): ConfigError {
  return new ConfigError(
    'trust-invalid',
    `The trusted authority ${name} cannot be used: ${why}.`,
    { name, why },
    cause,
  )
}
