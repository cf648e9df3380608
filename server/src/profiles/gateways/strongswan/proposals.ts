import type { VpnConnection } from '../../../config/schema.ts'

type Cryptography = VpnConnection['cryptography']

/** Keywords of strongSwan; its GCM names the length of the tag, sixteen octets (RFC 5282). */
const ENCRYPTION = {
  aes128: 'aes128',
  aes192: 'aes192',
  aes256: 'aes256',
  aes128gcm: 'aes128gcm16',
  aes256gcm: 'aes256gcm16',
} as const

/** An AEAD cipher needs no integrity, but IKE needs a PRF then (RFC 5282 section 8). */
export function ikeProposal({ ike }: Cryptography): string {
  const integrity = isAead(ike.encryption) ? `prf${ike.integrity}` : ike.integrity
  return [ENCRYPTION[ike.encryption], integrity, ike.dhGroup].join('-')
}

export function espProposal({ esp }: Cryptography): string {
  return [
    ENCRYPTION[esp.encryption],
    ...(isAead(esp.encryption) ? [] : [esp.integrity]),
    ...(esp.pfsGroup === 'none' ? [] : [esp.pfsGroup]),
  ].join('-')
}

function isAead(encryption: keyof typeof ENCRYPTION): boolean {
  return encryption === 'aes128gcm' || encryption === 'aes256gcm'
}
