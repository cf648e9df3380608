/** What a profile says about security, whatever format it is in. Absent = the format or the file does not say. */
export interface ProfileFacts {
  readonly format: ProfileFormat
  readonly eap: readonly EapFacts[]
  readonly tunnels: readonly TunnelFacts[]
  readonly networks: readonly NetworkFacts[]
  /** What the reader itself stumbled over. */
  readonly faults: readonly ReadingFault[]
}

export const PROFILE_FORMATS = [
  'eap-xml',
  'profile-xml',
  'wlan-xml',
  'lan-xml',
  'mobileconfig',
  'sswan',
  'networkmanager',
  'swanctl',
  'wpa-supplicant',
  'rasphone',
  'powershell',
] as const
export type ProfileFormat = (typeof PROFILE_FORMATS)[number]

export type EapMethod = 'eap-tls' | 'peap' | 'ttls' | 'eap-mschapv2' | 'other'

/** One EAP method that a client would use. */
export interface EapFacts {
  /** Where it stands in the file. */
  readonly place: string
  readonly method: EapMethod
  /** False: the certificate of the server is not looked at. */
  readonly checksServer?: boolean
  /** Names the server must have; `pattern`: they are regular expressions. Empty: any. */
  readonly serverNames?: { readonly names: readonly string[]; readonly arePatterns: boolean }
  /** Roots, as the file names them: SHA-1 thumbprints in hex, paths, ids. Empty: any root of the machine. */
  readonly anchors?: readonly string[]
  /** True: the person is asked whether to trust a server that fails. */
  readonly asksPerson?: boolean
  readonly cryptoBinding?: boolean
  /** Extended key usages by which the client picks its certificate. */
  readonly keyUsageFilter?: readonly string[]
  /** Inside of a tunnel method: `mschapv2`, `eap-tls`, `pap` ... */
  readonly inner?: string
  /** It is itself inside of PEAP or EAP-TTLS. */
  readonly isInner?: boolean
}

export interface TunnelFacts {
  readonly place: string
  readonly type: 'ikev2' | 'sstp' | 'l2tp' | 'pptp' | 'ipsec' | 'automatic'
  readonly encryption?: 'none' | 'optional' | 'required' | 'maximum'
  /** Suites as named in the file; absent: whatever the client offers by itself. */
  readonly suites?: readonly string[]
  readonly usesPreSharedKey?: boolean
  /** `pap`, `chap`, `mschap`, `mschapv2`, `eap`, `certificate`. */
  readonly methods?: readonly string[]
  /** False: the name in the certificate of the gateway is not compared. */
  readonly checksGatewayName?: boolean
  /** Roots of the gateway; empty: any the client knows. */
  readonly gatewayAnchors?: readonly string[]
  /** A password or shared key stands in the file. */
  readonly holdsSecret?: boolean
}

export interface NetworkFacts {
  readonly place: string
  readonly kind: 'wifi' | 'wired'
  /** `wpa2`, `wpa3`, `wep`, `open` ...; of Wi-Fi. */
  readonly security?: string
  readonly cipher?: string
  readonly usesEap: boolean
}

export interface ReadingFault {
  readonly place: string
  readonly code: 'namespace-wrong' | 'order-wrong' | 'value-wrong' | 'contradiction'
  readonly message: string
}

/** Whether a file of an output is a profile itself, and no guide, certificate, or script that only moves or removes one. */
export function isLintable({ name }: { readonly name: string }): boolean {
  return (
    /\.(xml|ps1|cmd|pbk|mobileconfig|sswan|nmconnection|conf)$/.test(name) &&
    !/\.(syncml\.xml|(remove|repair|to-all-users)\.ps1)$/.test(name)
  )
}

/** A profile that cannot be read at all. */
export class UnreadableProfile extends Error {
  override readonly name = 'UnreadableProfile'
}
