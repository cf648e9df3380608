import type { VpnConnection } from '../../../config/schema.ts'

type Cryptography = VpnConnection['cryptography']

/** Numbers of IANA, which IOS, ASA, FortiOS and others call the groups by (RFC 3526, RFC 5903). */
export const DH_NUMBER = { modp2048: 14, ecp256: 19, ecp384: 20 } as const

const bits = (encryption: string): string => /\d+/.exec(encryption)?.[0] ?? ''
export const isGcm = (encryption: string): boolean => encryption.endsWith('gcm')

/** Lines below `crypto ikev2 proposal` of IOS; an AEAD cipher has a PRF in place of the integrity. */
export function iosIkeLines({ ike }: Cryptography): readonly string[] {
  return [
    ` encryption aes-${isGcm(ike.encryption) ? 'gcm' : 'cbc'}-${bits(ike.encryption)}`,
    ` ${isGcm(ike.encryption) ? 'prf' : 'integrity'} ${ike.integrity}`,
    ` group ${String(DH_NUMBER[ike.dhGroup])}`,
  ]
}

/** What follows the name of a transform set of IOS. */
export function iosTransform({ esp }: Cryptography): string {
  if (isGcm(esp.encryption)) return `esp-gcm ${bits(esp.encryption)}`
  return `esp-aes ${bits(esp.encryption)} esp-${esp.integrity}-hmac`
}

/** Lines below `crypto ikev2 policy` of ASA. */
export function asaIkeLines({ ike, ikeLifetimeMinutes }: Cryptography): readonly string[] {
  return [
    ` encryption ${asaCipher(ike.encryption)}`,
    ` integrity ${isGcm(ike.encryption) ? 'null' : ike.integrity}`,
    ` group ${String(DH_NUMBER[ike.dhGroup])}`,
    ` prf ${ike.integrity}`,
    ` lifetime seconds ${String(ikeLifetimeMinutes * 60)}`,
  ]
}

export function asaCipher(encryption: string): string {
  const length = bits(encryption)
  if (isGcm(encryption)) return `aes-gcm${length === '128' ? '' : `-${length}`}`
  return `aes${length === '128' ? '' : `-${length}`}`
}
