import { createHash } from 'node:crypto'
import type { Certificate } from '@sallyport/pki'

/** What Windows knows a certificate by: SHA-1 of all of it, lower-case hex. */
export function thumbprint({ der }: Certificate): string {
  return createHash('sha1').update(der).digest('hex')
}

/** The same as the XML of EAP wants it: octets with a blank between. With colons or capitals it matches nothing. */
export function spacedThumbprint(certificate: Certificate): string {
  return thumbprint(certificate).replace(/..(?=.)/g, '$& ')
}
