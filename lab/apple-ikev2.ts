/** The IKEv2 client of Apple, played by strongSwan: swanctl.conf of what stands in a payload, and of nothing else. */
import type { PlistTable } from './mobileconfig.ts'

/** What Apple calls a transform, in strongSwan's words; the groups by their numbers in IANA's registry. */
const TRANSFORMS: Readonly<Record<string, string>> = {
  'AES-128': 'aes128',
  'AES-256': 'aes256',
  'AES-128-GCM': 'aes128gcm16',
  'AES-256-GCM': 'aes256gcm16',
  'SHA2-256': 'sha256',
  'SHA2-384': 'sha384',
  14: 'modp2048',
  19: 'ecp256',
  20: 'ecp384',
}

export interface AppleClient {
  /** Dictionary `IKEv2` with EAP by user name and password. */
  readonly ikev2: PlistTable
  /** What RemoteAddress leads to. */
  readonly address: string
  /** Typed by the person. */
  readonly password: string
}

/** One connection and one child, both called `apple`. */
export function swanctlOfPayload({ ikev2, address, password }: AppleClient): string {
  if (ikev2.AuthenticationMethod !== 'None' || ikev2.ExtendedAuthEnabled !== 1)
    throw new Error('not EAP alone')
  const ike = ikev2.IKESecurityAssociationParameters as PlistTable
  const child = ikev2.ChildSecurityAssociationParameters as PlistTable
  return `connections {
  apple {
    version = 2
    remote_addrs = ${address}
    proposals = ${proposal(ike, true, true)}
    rekey_time = ${String(ike.LifeTimeInMinutes)}m
    vips = 0.0.0.0
    local {
      auth = eap-mschapv2
      eap_id = ${String(ikev2.AuthName)}
      id = ${String(ikev2.LocalIdentifier)}
    }
    remote {
      auth = pubkey
      id = ${String(ikev2.RemoteIdentifier)}
    }
    children {
      apple {
        # It asks for everything, and takes what the gateway leaves of it.
        remote_ts = 0.0.0.0/0
        esp_proposals = ${proposal(child, false, ikev2.EnablePFS === 1)}
        rekey_time = ${String(child.LifeTimeInMinutes)}m
      }
    }
  }
}
secrets {
  eap-apple {
    id = ${String(ikev2.AuthName)}
    secret = "${password}"
  }
}
`
}

/** A combined cipher has no integrity: in IKE the word names the PRF. */
function proposal(association: PlistTable, isIke: boolean, withGroup: boolean): string {
  const cipher = transform(association, 'EncryptionAlgorithm')
  const integrity = transform(association, 'IntegrityAlgorithm')
  const isCombined = cipher.endsWith('gcm16')
  const check = isIke ? [isCombined ? `prf${integrity}` : integrity] : isCombined ? [] : [integrity]
  return [cipher, ...check, ...(withGroup ? [transform(association, 'DiffieHellmanGroup')] : [])].join('-')
}

function transform(association: PlistTable, key: string): string {
  const word = TRANSFORMS[String(association[key])]
  if (word === undefined) throw new Error(`${key} ${String(association[key])}`)
  return word
}
