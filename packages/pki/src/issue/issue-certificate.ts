import type { KeyObject } from 'node:crypto'
import { exportSpki, keyIdentifier, keyWeakness } from '../algorithms/public-key.ts'
import type { SigningKey } from '../algorithms/signer.ts'
import type { Certificate } from '../certificate/certificate.ts'
import type { Extension } from '../certificate/extension.ts'
import type { DistinguishedName } from '../names/distinguished-name.ts'
import type { GeneralName } from '../names/general-name.ts'
import { invalidRequest } from '../pki-error.ts'
import { signCertificate } from './certificate-builder.ts'
import type { CertificateTemplate } from './certificate-template.ts'
import {
  type AuthorityInfoAccess,
  authorityInfoAccess,
  authorityKeyIdentifier,
  basicConstraints,
  crlDistributionPoint,
  extendedKeyUsage,
  keyUsage,
  sidExtension,
  subjectAltName,
  subjectKeyIdentifier,
} from './extension-encoders.ts'
import { newSerialNumber } from './serial-number.ts'

/** A CA that can sign: its certificate and the private key that belongs to it. */
export interface CertificateIssuer {
  readonly certificate: Certificate
  readonly privateKey: SigningKey
}

interface Validity {
  /** Milliseconds since the epoch, whole seconds. */
  readonly notBefore: number
  readonly notAfter: number
}

/** Where relying parties find the issuer's CRL and certificate. */
interface Pointers {
  readonly crlUris?: readonly string[]
  readonly authorityInfoAccess?: AuthorityInfoAccess
}

export interface RootRequest extends Validity {
  readonly subject: DistinguishedName
  readonly privateKey: SigningKey
  readonly publicKey: KeyObject
  readonly serial?: Uint8Array
}

/** A self-signed root. Its key usage is keyCertSign and cRLSign, nothing else. */
export function createRootCertificate(request: RootRequest): Certificate {
  const spki = checkedSpki(request.publicKey)
  checkValidity(request)
  return signCertificate(
    {
      serial: request.serial ?? newSerialNumber(),
      issuer: request.subject,
      subject: request.subject,
      notBefore: request.notBefore,
      notAfter: request.notAfter,
      spki,
      extensions: [
        basicConstraints(true),
        keyUsage('keyCertSign', 'cRLSign'),
        subjectKeyIdentifier(keyIdentifier(spki)),
      ],
    },
    request.privateKey,
  )
}

export interface IssuingRequest extends Validity, Pointers {
  readonly subject: DistinguishedName
  readonly publicKey: KeyObject
  readonly issuer: CertificateIssuer
  readonly serial?: Uint8Array
  /** How many more CAs may follow; 0 by default. */
  readonly pathLength?: number
}

/** A CA certificate below another CA. */
export function createIssuingCertificate(request: IssuingRequest): Certificate {
  const spki = checkedSpki(request.publicKey)
  checkIssuer(request)
  return signCertificate(
    {
      serial: request.serial ?? newSerialNumber(),
      issuer: request.issuer.certificate.subject,
      subject: request.subject,
      notBefore: request.notBefore,
      notAfter: request.notAfter,
      spki,
      extensions: [
        basicConstraints(true, request.pathLength ?? 0),
        keyUsage('keyCertSign', 'cRLSign'),
        ...identifiers(spki, request.issuer),
        ...pointers(request),
      ],
    },
    request.issuer.privateKey,
  )
}

export interface CertificateRequest extends Validity, Pointers {
  readonly template: CertificateTemplate
  readonly subject: DistinguishedName
  readonly san: readonly GeneralName[]
  readonly publicKey: KeyObject
  readonly issuer: CertificateIssuer
  readonly serial?: Uint8Array
  /** Security identifier of the account (KB5014754). */
  readonly sid?: string
  /** Beyond those above, which it may not repeat. */
  readonly extensions?: readonly Extension[]
}

/** An end entity certificate. Throws `PkiError` `invalid-request` where the request must not be issued as it is. */
export function issueCertificate(request: CertificateRequest): Certificate {
  const spki = checkedSpki(request.publicKey)
  checkIssuer(request)
  checkNames(request)
  const { template } = request
  const rsa = request.publicKey.asymmetricKeyType === 'rsa'
  const extensions = [
    basicConstraints(false),
    keyUsage(...template.keyUsage, ...((rsa && template.rsaKeyUsage) || [])),
    ...(template.extendedKeyUsage.length > 0 ? [extendedKeyUsage(...template.extendedKeyUsage)] : []),
    ...(request.san.length > 0 ? [subjectAltName(request.san, request.subject.rdns.length === 0)] : []),
    ...(request.sid === undefined ? [] : [sidExtension(request.sid)]),
    ...identifiers(spki, request.issuer),
    ...pointers(request),
    ...(request.extensions ?? []),
  ]
  checkOnce(extensions)
  return signCertificate(
    {
      serial: request.serial ?? newSerialNumber(),
      issuer: request.issuer.certificate.subject,
      subject: request.subject,
      notBefore: request.notBefore,
      notAfter: request.notAfter,
      spki,
      extensions,
    },
    request.issuer.privateKey,
  )
}

function checkedSpki(publicKey: KeyObject): Uint8Array {
  const weakness = keyWeakness(publicKey, { minimumRsaBits: 2048 })
  if (weakness !== undefined) throw invalidRequest(weakness)
  return exportSpki(publicKey)
}

function checkValidity({ notBefore, notAfter }: Validity): void {
  if (!(notBefore < notAfter)) throw invalidRequest('notAfter is not later than notBefore')
}

/** A certificate must not outlive its issuer, and only a CA may issue one. */
function checkIssuer(request: Validity & { readonly issuer: CertificateIssuer }): void {
  checkValidity(request)
  const { certificate } = request.issuer
  if (certificate.extensions.basicConstraints?.ca !== true) throw invalidRequest('the issuer is not a CA')
  if (request.notAfter > certificate.notAfter)
    throw invalidRequest('the certificate would outlive its issuer')
}

function checkNames({ template, subject, san }: CertificateRequest): void {
  const kinds: readonly string[] = template.requires
  if (san.length === 0 && subject.rdns.length === 0) throw invalidRequest('the certificate would name nobody')
  if (kinds.length > 0 && !san.some((name) => kinds.includes(name.kind))) {
    throw invalidRequest(
      `a ${template.name} certificate needs a name of kind ${template.requires.join(' or ')}`,
    )
  }
}

/** RFC 5280 section 4.2: no certificate has two extensions of one type. */
function checkOnce(extensions: readonly Extension[]): void {
  const seen = new Set<string>()
  for (const { oid } of extensions) {
    if (seen.has(oid)) throw invalidRequest(`extension ${oid} is given twice`)
    seen.add(oid)
  }
}

function identifiers(spki: Uint8Array, issuer: CertificateIssuer): Extension[] {
  const issuerId =
    issuer.certificate.extensions.subjectKeyIdentifier ?? keyIdentifier(issuer.certificate.spki)
  return [subjectKeyIdentifier(keyIdentifier(spki)), authorityKeyIdentifier(issuerId)]
}

function pointers({ crlUris = [], authorityInfoAccess: access }: Pointers): Extension[] {
  return [
    ...(crlUris.length > 0 ? [crlDistributionPoint(...crlUris)] : []),
    ...(access === undefined ? [] : [authorityInfoAccess(access)]),
  ]
}
