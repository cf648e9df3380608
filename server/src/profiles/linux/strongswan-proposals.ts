import type { VpnConnection } from '../../config/sections/connections.ts'

type Cryptography = VpnConnection['cryptography']
type Encryption = Cryptography['ike']['encryption']

/** strongSwan's word for AES in Galois/Counter Mode says the length of the check value: 16 octets. */
const CIPHERS: Readonly<Record<Encryption, string>> = {
  aes128: 'aes128',
  aes192: 'aes192',
  aes256: 'aes256',
  aes128gcm: 'aes128gcm16',
  aes256gcm: 'aes256gcm16',
}

const isCombined = (encryption: Encryption): boolean => encryption.endsWith('gcm')

/** `aes256-sha256-ecp256`; a combined cipher needs the PRF by its own name (RFC 5282 section 7). */
export function ikeProposal({ ike: { encryption, integrity, dhGroup } }: Cryptography): string {
  return [CIPHERS[encryption], isCombined(encryption) ? `prf${integrity}` : integrity, dhGroup].join('-')
}

/** `aes256gcm16-ecp256`; the group counts when the child SA is rekeyed (RFC 7296 section 1.3.3). */
export function espProposal({ esp: { encryption, integrity, pfsGroup } }: Cryptography): string {
  return [
    CIPHERS[encryption],
    ...(isCombined(encryption) ? [] : [integrity]),
    ...(pfsGroup === 'none' ? [] : [pfsGroup]),
  ].join('-')
}
