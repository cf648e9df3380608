import type { VpnConnection } from '../../config/schema.ts'
import type { PlistDict } from './plist.ts'

type Cryptography = VpnConnection['cryptography']

/** What Apple calls a cipher; one it does not have is missing. */
const ENCRYPTION: Readonly<Record<string, string>> = {
  aes128: 'AES-128',
  aes256: 'AES-256',
  aes128gcm: 'AES-128-GCM',
  aes256gcm: 'AES-256-GCM',
}
const INTEGRITY = { sha256: 'SHA2-256', sha384: 'SHA2-384' } as const
/** Numbers of RFC 3526 and RFC 5903. */
const GROUP = { none: undefined, modp2048: 14, ecp256: 19, ecp384: 20 } as const

/** Ciphers of these that Apple has no word for. */
export function unknownCiphers({ ike, esp }: Cryptography): readonly string[] {
  return [ike.encryption, esp.encryption].filter((name) => !Object.hasOwn(ENCRYPTION, name))
}

/** Both SAs written out: what is left out would be AES-256, SHA2-256, group 14 and a day. */
export function suiteKeys({ ike, esp, ikeLifetimeMinutes, espLifetimeMinutes }: Cryptography): PlistDict {
  return {
    EnablePFS: esp.pfsGroup === 'none' ? 0 : 1,
    IKESecurityAssociationParameters: {
      EncryptionAlgorithm: ENCRYPTION[ike.encryption],
      IntegrityAlgorithm: INTEGRITY[ike.integrity],
      DiffieHellmanGroup: GROUP[ike.dhGroup],
      LifeTimeInMinutes: ikeLifetimeMinutes,
    },
    ChildSecurityAssociationParameters: {
      EncryptionAlgorithm: ENCRYPTION[esp.encryption],
      IntegrityAlgorithm: INTEGRITY[esp.integrity],
      DiffieHellmanGroup: GROUP[esp.pfsGroup],
      LifeTimeInMinutes: espLifetimeMinutes,
    },
  }
}
