import type { ConnectionConfiguration, TunnelType, VpnConnection } from '../../config/schema.ts'

/** What people see in Windows. */
export function shownName({ title, name }: ConnectionConfiguration): string {
  return title ?? name
}

/** One connection of Windows for one type of tunnel. */
export interface WindowsTunnel {
  readonly type: TunnelType
  readonly name: string
}

/**
 * A connection for each type offered, the first under the plain name. One entry with several types would be shorter, but the
 * lists Windows has begin with SSTP or go on to PPTP, whatever was offered, and its suites are those of no type in
 * particular; a person who has to take the second one should also know that it is.
 */
export function windowsTunnels(connection: VpnConnection): readonly WindowsTunnel[] {
  const types = [...new Set(connection.tunnelTypes)]
  return types.map((type, index) => ({
    type,
    name: index === 0 ? shownName(connection) : `${shownName(connection)} (${TUNNEL_NAMES[type]})`,
  }))
}

export function deviceTunnelName(connection: VpnConnection): string {
  return `${shownName(connection)} Device Tunnel`
}

export const TUNNEL_NAMES: Readonly<Record<TunnelType, string>> = {
  ikev2: 'IKEv2',
  sstp: 'SSTP',
  l2tp: 'L2TP',
  pptp: 'PPTP',
}

/**
 * What Windows refuses in a name. Of a VPN: RasValidateEntryName, and the brackets the phone book has names in. Of Wi-Fi: what would
 * end the argument of a program. A wired network has no name there.
 */
export const REFUSED_IN_NAMES = {
  vpn: /[|<>?*\\/:"[\]]|^\./u,
  wifi: /["\\]/u,
  wired: /\0/u,
} as const
/** Of RAS_MaxEntryName (256), with room for what is put behind it. */
export const LONGEST_NAME = 230
