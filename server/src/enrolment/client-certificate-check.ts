import { createHash, hash } from 'node:crypto'
import { toHex } from '@sallyport/bytes'
import {
  type Certificate,
  type CertificateNames,
  type Crl,
  certificateNames,
  decodePem,
  keyIdentifier,
  type PathProblem,
  parseCertificate,
  parseChain,
  parseCrl,
  validateCertificate,
} from '@sallyport/pki'
import type { RevocationRules, TrustPurpose } from '../config/schema.ts'
import type { CertificateNameFacts } from '../policy/facts.ts'
import type { Reason } from '../reasons/index.ts'
import { holderOf } from './certificate-holder.ts'
import { certificateReason } from './certificate-reason.ts'
import type { ClientTrust, TrustedAuthority } from './trust.ts'

/** An entry of `trust:` that vouches for a certificate. */
export interface Voucher {
  readonly authority: CompiledAuthority
  /** Leaf first, anchor last. */
  readonly path: readonly Certificate[]
}

export type CertificateCheckOutcome =
  | {
      readonly ok: true
      readonly facts: CertificateNameFacts
      /** In the order of the configuration; at least one. */
      readonly vouchers: readonly Voucher[]
      /** Id of the account it says it was issued to (`holderUri`); means nothing unless the own CA says it. */
      readonly holder?: string
    }
  | { readonly ok: false; readonly reason: Reason }

export interface CompiledAuthority {
  readonly name: string
  readonly anchors: readonly Certificate[]
  readonly intermediates: readonly Certificate[]
  readonly crls: readonly Crl[]
  /** What it may vouch for. */
  readonly uses?: TrustPurpose
  /** Where it is there, whether a certificate was revoked is for the `RevocationGate` to say. */
  readonly rules?: RevocationRules
  /** Our own CA: what is revoked is in rows, and for the gate to say, too. */
  readonly isOwn?: boolean
  /** Of our own CAs the keys, and of those the imported ones: hex of `keyIdentifier`. */
  readonly keys?: { readonly all: ReadonlySet<string>; readonly imported: ReadonlySet<string> }
}

interface Remembered {
  readonly outcome: CertificateCheckOutcome
  readonly from: number
  readonly until: number
}

/** Chains a worker remembers: a stranger cannot fill it, because only chains that hold are remembered. */
const MOST_REMEMBERED = 4096

/**
 * Validates client certificates in a RADIUS worker. A chain that held is remembered until the first of its dates (or
 * of its CRLs) passes or the trust changes; a chain that failed is validated again every time.
 */
export class ClientCertificateCheck {
  #authorities: readonly CompiledAuthority[] = []
  #compiled: ReadonlyMap<string, CompiledAuthority> = new Map()
  readonly #remembered = new Map<string, Remembered>()

  constructor(trust: ClientTrust) {
    this.replaceTrust(trust)
  }

  /** Takes new CAs and CRLs; everything remembered is forgotten. */
  replaceTrust(trust: ClientTrust): void {
    // A foreign CRL may hold a hundred thousand entries: what has not changed is not parsed again.
    const compiled = new Map<string, CompiledAuthority>()
    this.#authorities = trust.authorities.map((authority) => {
      const key = JSON.stringify(authority)
      const known = this.#compiled.get(key) ?? compileAuthority(authority)
      compiled.set(key, known)
      return known
    })
    this.#compiled = compiled
    this.#remembered.clear()
  }

  /** `chain`: DER, leaf first, as the peer sent it (or as it is remembered for a resumed session). `now`: wall clock. */
  check(chain: readonly Uint8Array[], now: number): CertificateCheckOutcome {
    const key = fingerprintOf(chain)
    const known = this.#remembered.get(key)
    if (known !== undefined && now >= known.from && now <= known.until) return known.outcome
    this.#remembered.delete(key)
    const { outcome, from, until } = this.#validate(chain, now)
    if (outcome.ok) this.#remember(key, { outcome, from, until })
    return outcome
  }

  #validate(chain: readonly Uint8Array[], now: number): Remembered {
    const parsed = parseChain(chain)
    if (!parsed.ok) return refused(parsed, now)
    let nearest: PathProblem | undefined
    let [from, until] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
    const vouchers: Voucher[] = []
    for (const authority of this.#authorities) {
      // Each by itself: the CRL of one authority must not speak about another of the same name.
      const verdict = validateCertificate(parsed.leaf, parsed.sent, {
        ...authority,
        at: now,
        purpose: 'client-auth',
        revocation: authority.rules === undefined ? 'available' : 'off',
      })
      if (verdict.ok) {
        vouchers.push({ authority, path: verdict.path })
        from = Math.max(from, verdict.validFrom)
        until = Math.min(until, verdict.validUntil)
        continue
      }
      // An authority that knows the issuer says more than those that do not.
      if (nearest === undefined || isUnknown(nearest)) nearest = verdict
    }
    if (vouchers.length > 0) {
      const names = certificateNames(parsed.leaf)
      const holder = holderOf(names.uris)
      const facts = factsOf(parsed.leaf, names)
      const outcome = { ok: true, facts, vouchers, ...(holder !== undefined && { holder }) } as const
      return { outcome, from, until }
    }
    const nobody = {
      reason: 'untrusted-ca',
      certificate: 0,
      offender: parsed.leaf,
      detail: 'no CA is trusted',
    } as const
    return refused(nearest ?? nobody, now)
  }

  #remember(key: string, verdict: Remembered): void {
    if (this.#remembered.size >= MOST_REMEMBERED) {
      const [oldest] = this.#remembered.keys()
      if (oldest !== undefined) this.#remembered.delete(oldest)
    }
    this.#remembered.set(key, verdict)
  }
}

/** Parses the PEM of one authority, once for many checks. */
export function compileAuthority(authority: TrustedAuthority): CompiledAuthority {
  const certificates = (pems: readonly string[]) =>
    pems.flatMap((pem) => decodePem('CERTIFICATE', pem)).map((der) => parseCertificate(der))
  const [anchors, intermediates] = [certificates(authority.anchors), certificates(authority.intermediates)]
  return {
    name: authority.name,
    anchors,
    intermediates,
    crls: authority.crls.flatMap((pem) => decodePem('X509 CRL', pem)).map((der) => parseCrl(der)),
    ...(authority.purpose === undefined ? {} : { uses: authority.purpose }),
    ...(authority.revocation === undefined ? {} : { rules: authority.revocation }),
    ...(authority.isOwn === true && {
      isOwn: true,
      keys: {
        all: new Set([...anchors, ...intermediates].map(({ spki }) => toHex(keyIdentifier(spki)))),
        imported: new Set(authority.importedKeys),
      },
    }),
  }
}

/**
 * Whether a certificate of this path must be in our own records. Not below an imported CA: what that issued before it was
 * ours, further CAs too, nobody recorded. A CA that is none of ours may stand between the leaf and the first that is.
 */
export function mustBeRecorded({ keys }: CompiledAuthority, path: readonly Certificate[]): boolean {
  if (keys === undefined || keys.imported.size === 0) return true
  const above = path.slice(1).map(({ spki }) => toHex(keyIdentifier(spki)))
  const ours = above.find((key) => keys.all.has(key))
  return ours === undefined || !keys.imported.has(ours)
}

/** SHA-256 over the chain; lengths are hashed too, so that no two chains hash alike. */
function fingerprintOf(chain: readonly Uint8Array[]): string {
  const digest = createHash('sha256')
  for (const der of chain) digest.update(`${der.length}:`).update(der)
  return digest.digest('base64')
}

function isUnknown({ reason }: PathProblem): boolean {
  return reason === 'untrusted-ca' || reason === 'chain-incomplete'
}

function refused(problem: PathProblem, now: number): Remembered {
  return { outcome: { ok: false, reason: certificateReason(problem, now) }, from: 0, until: 0 }
}

function factsOf(leaf: Certificate, names: CertificateNames): CertificateNameFacts {
  const { subjectKeyIdentifier } = leaf.extensions
  const sid = sidOf(names)
  return {
    subject: names.subject,
    issuer: names.issuer,
    serial: names.serial,
    fingerprint: names.fingerprint,
    notAfter: names.notAfter,
    extendedKeyUsages: names.extendedKeyUsages,
    dnsNames: names.dnsNames,
    upns: names.upns,
    emails: names.emails,
    ...(sid !== undefined && { sid }),
    ...(subjectKeyIdentifier !== undefined && { subjectKeyId: toHex(subjectKeyIdentifier) }),
    publicKeySha1: toHex(keyIdentifier(leaf.spki)),
    thumbprint: hash('sha1', leaf.der, 'hex'),
  }
}

/** KB5014754: a SID as a URI among the names, for certificates whose requester writes the names (MDM). */
const SID_URI = /^tag:microsoft\.com,2022-09-14:sid:(.*)$/is

/** The extension beats the names: it is the issuer that writes it, never who asked for the certificate. */
function sidOf({ sid, uris }: CertificateNames): string | undefined {
  if (sid !== undefined) return sid
  const named = new Set(uris.flatMap((uri) => SID_URI.exec(uri)?.[1] ?? []))
  return named.size === 0 ? undefined : [...named].join(' ')
}
