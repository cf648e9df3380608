import { DerReader, onlyElement } from '../der/der-reader.ts'
import { expectOid } from '../der/der-values.ts'
import { TAG } from '../der/tags.ts'
import { readGeneralName } from '../names/general-name.ts'
import { ACCESS_METHOD, EXTENSION } from '../oids.ts'
import { PkiError } from '../pki-error.ts'
import type { Certificate } from './certificate.ts'

/** Where a certificate says its revocation can be asked for. */
export interface RevocationPointers {
  /** URLs of complete CRLs of its issuer (RFC 5280 section 4.2.1.13), any scheme. */
  readonly crlUrls: readonly string[]
  /** URLs of OCSP responders (section 4.2.2.1). */
  readonly ocspUrls: readonly string[]
  /** It names something, be it of a kind that is not understood: to find nobody to ask is then no answer. */
  readonly named: boolean
}

export function revocationPointers(certificate: Certificate): RevocationPointers {
  const points = certificate.extensions.crlDistributionPoints ?? []
  const names = points.filter(({ partial }) => !partial).flatMap(({ fullName }) => fullName)
  const ocspUrls = accessUrls(certificate, ACCESS_METHOD.ocsp)
  return {
    crlUrls: names.flatMap((name) => (name.kind === 'uri' ? [name.uri] : [])),
    ocspUrls: ocspUrls ?? [],
    named: points.length > 0 || ocspUrls === undefined || ocspUrls.length > 0,
  }
}

/** undefined: the extension cannot be read. */
function accessUrls(certificate: Certificate, method: string): string[] | undefined {
  const value = certificate.rawExtensions.get(EXTENSION.authorityInfoAccess)?.value
  if (value === undefined) return []
  try {
    const reader = new DerReader(onlyElement(value, TAG.sequence, 'authorityInfoAccess').content)
    const urls: string[] = []
    while (!reader.done) {
      const description = reader.enter(TAG.sequence, 'AccessDescription')
      const found = expectOid(description, 'accessMethod')
      const location = readGeneralName(description.any())
      if (found === method && location.kind === 'uri') urls.push(location.uri)
    }
    return urls
  } catch (error) {
    if (error instanceof PkiError) return undefined
    throw error
  }
}
