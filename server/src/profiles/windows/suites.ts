import type { VpnConnection } from '../../config/schema.ts'

type Cryptography = VpnConnection['cryptography']
type Encryption = Cryptography['ike']['encryption']
type DhGroup = Cryptography['ike']['dhGroup']

/** The six values Windows wants together, in the words of one of its two ways to say them. */
export interface Suite {
  readonly authenticationTransform: string
  readonly cipherTransform: string
  readonly pfsGroup: string
  readonly dhGroup: string
  readonly integrity: string
  readonly encryption: string
}

const DH: Readonly<Record<DhGroup, string>> = { modp2048: 'Group14', ecp256: 'ECP256', ecp384: 'ECP384' }
const PFS: Readonly<Record<DhGroup | 'none', string>> = {
  none: 'None',
  modp2048: 'PFS2048',
  ecp256: 'ECP256',
  ecp384: 'ECP384',
}
const TRANSFORM: Readonly<Record<Encryption, string>> = {
  aes128: 'AES128',
  aes192: 'AES192',
  aes256: 'AES256',
  aes128gcm: 'GCMAES128',
  aes256gcm: 'GCMAES256',
}
/** The same ciphers where the CSP means IKE: it has other names for GCM there. */
const CSP_ENCRYPTION: Readonly<Record<Encryption, string>> = {
  ...TRANSFORM,
  aes128gcm: 'AES_GCM_128',
  aes256gcm: 'AES_GCM_256',
}
const INTEGRITY = { sha256: 'SHA256', sha384: 'SHA384' } as const

/** For Set-VpnConnectionIPsecConfiguration. */
export function cmdletSuite({ ike, esp }: Cryptography): Suite {
  const cipherTransform = TRANSFORM[esp.encryption]
  return {
    // With GCM both transforms name the same cipher. Windows has no SHA-384 for ESP; see `suiteFindings`.
    authenticationTransform: isGcm(esp.encryption) ? cipherTransform : 'SHA256128',
    cipherTransform,
    pfsGroup: PFS[esp.pfsGroup],
    dhGroup: DH[ike.dhGroup],
    integrity: INTEGRITY[ike.integrity],
    encryption: TRANSFORM[ike.encryption],
  }
}

/** For CryptographySuite of ProfileXML, whose names differ. */
export function cspSuite(cryptography: Cryptography): Suite {
  return { ...cmdletSuite(cryptography), encryption: CSP_ENCRYPTION[cryptography.ike.encryption] }
}

/** ESP with CBC and SHA-384 does not exist on Windows: gateway and client would not meet (13868). */
export function hasUnknownIntegrity({ esp }: Cryptography): boolean {
  return !isGcm(esp.encryption) && esp.integrity === 'sha384'
}

const isGcm = (encryption: Encryption): boolean => encryption.endsWith('gcm')
