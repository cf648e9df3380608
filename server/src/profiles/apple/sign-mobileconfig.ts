import { type Certificate, createSignedData, type SigningKey, signingTime } from '@sallyport/pki'

export interface MobileConfigSigner {
  readonly certificate: Certificate
  readonly privateKey: SigningKey
  /** The certificate that issued it first, the root last. */
  readonly chain: readonly Certificate[]
}

/**
 * A signed profile: SignedData (RFC 5652 section 5) in DER around the property list, with the whole chain: a device that
 * trusts the root shows it as verified, and whoever changes an octet makes it uninstallable.
 *
 * @param signedAt milliseconds since 1970
 */
export function signMobileConfig(
  content: Uint8Array,
  { certificate, privateKey, chain }: MobileConfigSigner,
  signedAt: number,
): Uint8Array {
  return createSignedData({
    content,
    signers: [{ certificate, privateKey, signedAttributes: [signingTime(signedAt)] }],
    certificates: [certificate, ...chain],
  })
}
