import { type Certificate, parseCertificate } from '../certificate/certificate.ts'
import { CONTENT_TYPE } from '../cms/cms-oids.ts'
import {
  parseSignedData,
  type SignedData,
  type SignerInfo,
  signerCertificate,
} from '../cms/parse-signed-data.ts'
import { verifySignerInfo } from '../cms/verify-signer-info.ts'
import { type CertificationRequest, parseCertificationRequest } from '../csr/certification-request.ts'
import { DerReader, onlyElement } from '../der/der-reader.ts'
import { expectOid } from '../der/der-values.ts'
import { equalOctets } from '../der/equal-octets.ts'
import { TAG } from '../der/tags.ts'
import { malformed } from '../pki-error.ts'
import { CMC } from './cmc-oids.ts'
import { type PkiData, parsePkiData } from './pki-data.ts'

/** What a Windows client sends for a certificate (MS-WCCE section 2.2.2.6), whatever it is wrapped in. */
export interface EnrolmentMessage {
  readonly form: 'pkcs10' | 'pkcs7' | 'cmc'
  /** PKCS #10, DER. */
  readonly request: Uint8Array
  readonly parsed: CertificationRequest
  /** Of the request inside a CMC message; 1 elsewhere. An answer refers to it. */
  readonly bodyPartId: number
  /** Names and values beside the request: `CertificateTemplate` and its like. */
  readonly attributes: readonly (readonly [name: string, value: string])[]
  /** The certificate that is renewed. Its key signed the message; whether it is any good is not looked at. */
  readonly renews?: Certificate
}

/** Told apart by their ASN.1: what clients call them (`#PKCS10`, `#PKCS7`) is not reliable. @throws PkiError 'malformed' */
export function parseEnrolmentMessage(octets: Uint8Array): EnrolmentMessage {
  const first = new DerReader(new DerReader(octets).expect(TAG.sequence, 'request').content).nextTag
  if (first !== TAG.oid) {
    return whole('pkcs10', octets, { bodyPartId: 1, attributes: [] })
  }
  const data = parseSignedData(octets)
  const { content } = data
  if (content === undefined) throw malformed('the signed message has no content')
  switch (data.contentType) {
    case CONTENT_TYPE.data:
      return whole('pkcs7', content, { bodyPartId: 1, attributes: [] }, data)
    case CONTENT_TYPE.pkiData: {
      const body = parsePkiData(content)
      return whole('cmc', body.request, body, data)
    }
    default:
      throw malformed(`the signed message holds ${data.contentType}, which is no request`)
  }
}

function whole(
  form: EnrolmentMessage['form'],
  request: Uint8Array,
  { bodyPartId, attributes }: Pick<PkiData, 'bodyPartId' | 'attributes'>,
  data?: SignedData,
): EnrolmentMessage {
  const parsed = parseCertificationRequest(request)
  const renews = data === undefined ? undefined : renewedCertificate(data, parsed)
  if (form === 'pkcs7' && renews === undefined)
    throw malformed('a PKCS #7 request is signed by the certificate it renews')
  const named = renewalAttribute(parsed)
  // Without a signature of its key anybody could name it.
  if (named !== undefined && renews === undefined)
    throw malformed('the request names a certificate to renew, and its key did not sign')
  if (named !== undefined && renews !== undefined && !equalOctets(named.der, renews.der))
    throw malformed('the request names another certificate to renew than the one that signed')
  return { form, request, parsed, bodyPartId, attributes, ...(renews !== undefined && { renews }) }
}

/**
 * The signer that has a certificate in the message. A signature by the key that is certified proves no more than the
 * request does itself; it counts for nothing here, but a wrong one is refused.
 */
function renewedCertificate(data: SignedData, request: CertificationRequest): Certificate | undefined {
  let found: Certificate | undefined
  for (const signer of data.signers) {
    const certificate = signerCertificate(data, signer)
    if (certificate === undefined) {
      checkOwnSignature(data, signer, request)
      continue
    }
    if (found !== undefined) throw malformed('two certificates signed the request')
    const verdict = verifySignerInfo(data, signer, certificate.publicKey)
    if (!verdict.ok) throw malformed(`signature of the certificate that is renewed: ${verdict.detail}`)
    found = certificate
  }
  return found
}

/** MS-WCCE section 3.1.1.4.3.1.3: the first signer of a CMC request is the new key, or nobody. */
function checkOwnSignature(data: SignedData, signer: SignerInfo, request: CertificationRequest): void {
  if (signatureOid(signer) === CMC.noSignature) return
  if (signer.identifier.kind !== 'key-id')
    throw malformed('the certificate of a signer is not in the message')
  const verdict = verifySignerInfo(data, signer, request.publicKey, { allowSha1: true })
  if (!verdict.ok) throw malformed(`signature of the new key: ${verdict.detail}`)
}

function signatureOid({ signatureAlgorithm }: SignerInfo): string {
  return expectOid(new DerReader(signatureAlgorithm.content), 'signature algorithm')
}

function renewalAttribute({ attributes }: CertificationRequest): Certificate | undefined {
  const [value] = attributes.get(CMC.renewalCertificate) ?? []
  if (value === undefined) return undefined
  return parseCertificate(onlyElement(value, TAG.sequence, 'renewal certificate').encoded)
}
