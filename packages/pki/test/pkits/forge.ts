import type { KeyObject } from 'node:crypto'
import { exportSpki, keyIdentifier } from '../../src/algorithms/public-key.ts'
import type { Certificate } from '../../src/certificate/certificate.ts'
import type { Extension } from '../../src/certificate/extension.ts'
import { type CrlRequest, createCrl } from '../../src/crl/create-crl.ts'
import type { Crl } from '../../src/crl/crl.ts'
import { signCertificate } from '../../src/issue/certificate-builder.ts'
import {
  authorityKeyIdentifier,
  basicConstraints,
  keyUsage,
  subjectKeyIdentifier,
} from '../../src/issue/extension-encoders.ts'
import { generateKeyPairFor, type KeyPair } from '../../src/issue/key-pair.ts'
import { newSerialNumber } from '../../src/issue/serial-number.ts'
import { type DistinguishedName, distinguishedName } from '../../src/names/distinguished-name.ts'

/** The instant every case is judged at. */
export const NOW = Date.UTC(2026, 0, 5, 9)
export const DAY = 86_400_000

/** A certificate with the key that belongs to it. */
export interface Entity {
  readonly certificate: Certificate
  readonly keys: KeyPair
}

export interface Forgery {
  readonly name?: DistinguishedName
  readonly issuerName?: DistinguishedName
  readonly keys?: KeyPair
  /** Signs instead of the issuer's key. */
  readonly signWith?: KeyObject
  readonly serial?: Uint8Array
  readonly notBefore?: number
  readonly notAfter?: number
  /** Replace (by type) or join the usual extensions. */
  readonly extensions?: readonly Extension[]
  /** Types of the usual extensions to leave out. */
  readonly without?: readonly string[]
}

export function cn(name: string): DistinguishedName {
  return distinguishedName(['C', 'US'], ['O', 'Test Certificates'], ['CN', name])
}

function forge(
  issuer: Entity | undefined,
  name: DistinguishedName,
  usual: readonly Extension[],
  as: Forgery,
): Entity {
  const keys = as.keys ?? generateKeyPairFor('p256')
  const spki = exportSpki(keys.publicKey)
  const replaced = new Set([...(as.extensions ?? []).map(({ oid }) => oid), ...(as.without ?? [])])
  const identifiers = [
    subjectKeyIdentifier(keyIdentifier(spki)),
    authorityKeyIdentifier(keyIdentifier(issuer?.certificate.spki ?? spki)),
  ]
  const certificate = signCertificate(
    {
      serial: as.serial ?? newSerialNumber(),
      issuer: as.issuerName ?? issuer?.certificate.subject ?? as.name ?? name,
      subject: as.name ?? name,
      notBefore: as.notBefore ?? NOW - 30 * DAY,
      notAfter: as.notAfter ?? NOW + 365 * DAY,
      spki,
      extensions: [
        ...[...usual, ...identifiers].filter(({ oid }) => !replaced.has(oid)),
        ...(as.extensions ?? []),
      ],
    },
    as.signWith ?? issuer?.keys.privateKey ?? keys.privateKey,
  )
  return { certificate, keys }
}

const CA_EXTENSIONS = [basicConstraints(true), keyUsage('keyCertSign', 'cRLSign')]

export function anchor(as: Forgery = {}): Entity {
  return forge(undefined, cn('Trust Anchor'), CA_EXTENSIONS, as)
}

export function ca(issuer: Entity, name: string, as: Forgery = {}): Entity {
  return forge(issuer, cn(name), CA_EXTENSIONS, as)
}

/** Another certificate of the same name, signed by the old key: a rollover. */
export function selfIssued(issuer: Entity, as: Forgery = {}): Entity {
  return forge(issuer, issuer.certificate.subject, CA_EXTENSIONS, as)
}

export function endEntity(issuer: Entity, as: Forgery = {}): Entity {
  return forge(issuer, cn('EE Certificate'), [keyUsage('digitalSignature')], as)
}

export function crl(issuer: Entity, as: Partial<CrlRequest> = {}): Crl {
  return createCrl({
    issuer: { certificate: issuer.certificate, privateKey: issuer.keys.privateKey },
    number: 1,
    thisUpdate: NOW - DAY,
    nextUpdate: NOW + 6 * DAY,
    revoked: [],
    ...as,
  })
}

export function revoked(...entities: readonly Entity[]): CrlRequest['revoked'] {
  return entities.map(({ certificate }) => ({
    serial: certificate.serial,
    revokedAt: NOW - DAY,
    reason: 'keyCompromise',
  }))
}
