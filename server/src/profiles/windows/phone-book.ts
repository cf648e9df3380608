import type { TunnelType, VpnConnection } from '../../config/schema.ts'
import { stableUuid } from '../stable-uuid.ts'
import { UnwritableText } from '../unwritable-text.ts'
import { type WindowsTunnel, windowsTunnels } from './connection-names.ts'
import { sharedKeyOf } from './shared-key.ts'

/** MS-RRASM 2.2.2.2: only one type. The lists Windows has go on to types nobody offered. */
const STRATEGY: Readonly<Record<TunnelType, number>> = { pptp: 1, l2tp: 3, sstp: 5, ikev2: 7 }
const DEVICE: Readonly<Record<TunnelType, string>> = {
  pptp: 'WAN Miniport (PPTP)',
  l2tp: 'WAN Miniport (L2TP)',
  sstp: 'WAN Miniport (SSTP)',
  ikev2: 'WAN Miniport (IKEv2)',
}
const DATA_ENCRYPTION = { none: 0, optional: 8, required: 256, maximum: 512 } as const
const RESTRICT = { eap: 128, mschapv2: 512 } as const
const EAP_MSCHAPV2 = 26

type Key = readonly [key: string, value: string | number]

/** Entries of rasphone.pbk. The order of keys counts; ANSI files have no names but ASCII, so it says it is UTF-8. */
export function phoneBook(connection: VpnConnection): string {
  return windowsTunnels(connection)
    .map((tunnel) => section(connection, tunnel))
    .join('\r\n')
}

function section(connection: VpnConnection, tunnel: WindowsTunnel): string {
  const lines = [
    `[${pbkText(tunnel.name)}]`,
    ...entryKeys(connection, tunnel).map(line),
    '',
    'NETCOMPONENTS=',
    'ms_msclient=1',
    'ms_server=1',
    '',
    ...mediaKeys(tunnel).map(line),
    '',
    ...deviceKeys(connection).map(line),
  ]
  return `${lines.join('\r\n')}\r\n`
}

function entryKeys(connection: VpnConnection, { type, name }: WindowsTunnel): readonly Key[] {
  const isEap = connection.authentication !== 'mschapv2'
  const { idleDisconnectMinutes, dns } = connection
  return [
    ['Encoding', 1],
    ['PBVersion', 6],
    ['Type', 2],
    ['AutoLogon', flag(connection.useLogonCredentials)],
    ['UseRasCredentials', 1],
    ['Guid', stableUuid('rasphone', connection.name, name).replaceAll('-', '').toUpperCase()],
    ['VpnStrategy', STRATEGY[type]],
    ['ExcludedProtocols', 0],
    ['LcpExtensions', 1],
    ['DataEncryption', DATA_ENCRYPTION[connection.encryption]],
    ['SwCompression', 0],
    ['NegotiateMultilinkAlways', 0],
    ['SkipDoubleDialDialog', 0],
    ['DialMode', 0],
    ['OverridePref', 15],
    ['RedialAttempts', 3],
    ['RedialSeconds', 60],
    ['IdleDisconnectSeconds', idleDisconnectMinutes * 60],
    ['RedialOnLinkFailure', flag(connection.reconnect)],
    ['CallbackMode', 0],
    ['CustomDialDll', ''],
    ['CustomDialFunc', ''],
    ['CustomRasDialDll', ''],
    ['ForceSecureCompartment', 0],
    // 1 would take any certificate for that of the gateway.
    ['DisableIKENameEkuCheck', 0],
    ['AuthenticateServer', 0],
    ['ShareMsFilePrint', 1],
    ['BindMsNetClient', 1],
    ['SharedPhoneNumbers', 0],
    ['GlobalDeviceSettings', 0],
    ['PrerequisiteEntry', ''],
    ['PrerequisitePbk', ''],
    ['PreferredPort', 'VPN2-0'],
    ['PreferredDevice', DEVICE[type]],
    ['PreferredBps', 0],
    ['PreferredHwFlow', 1],
    ['PreferredProtocol', 1],
    ['PreferredCompression', 1],
    ['PreferredSpeaker', 1],
    ['PreferredMdmProtocol', 0],
    ['PreviewUserPw', 1],
    ['PreviewDomain', 0],
    ['PreviewPhoneNumber', 0],
    ['ShowDialingProgress', 1],
    ['ShowMonitorIconInTaskBar', 1],
    ['CustomAuthKey', isEap ? EAP_MSCHAPV2 : 0],
    ['AuthRestrictions', isEap ? RESTRICT.eap : RESTRICT.mschapv2],
    ['IpPrioritizeRemote', flag(connection.routing === 'full')],
    ['IpInterfaceMetric', 0],
    ['IpHeaderCompression', 0],
    ['IpAddress', '0.0.0.0'],
    ['IpDnsAddress', '0.0.0.0'],
    ['IpDns2Address', '0.0.0.0'],
    ['IpWinsAddress', '0.0.0.0'],
    ['IpWins2Address', '0.0.0.0'],
    ['IpAssign', 1],
    ['IpNameAssign', 1],
    ['IpDnsFlags', flag(dns.register)],
    ['IpNBTFlags', 1],
    ['TcpWindowSize', 0],
    ['UseFlags', 2],
    ['IpSecFlags', flag(sharedKeyOf(connection, type) !== undefined)],
    ['IpDnsSuffix', pbkText(dns.suffixes[0] ?? '')],
    ['Ipv6Assign', 1],
    ['Ipv6PrioritizeRemote', flag(connection.routing === 'full')],
    ['Ipv6InterfaceMetric', 0],
    ['Ipv6NameAssign', 1],
    ['DisableClassBasedDefaultRoute', 0],
    ['DisableMobility', 0],
    ['NetworkOutageTime', 1800],
    ['CacheCredentials', flag(connection.rememberCredentials)],
  ]
}

function mediaKeys({ type }: WindowsTunnel): readonly Key[] {
  return [
    ['MEDIA', 'rastapi'],
    ['Port', 'VPN2-0'],
    ['Device', DEVICE[type]],
  ]
}

function deviceKeys({ gateways }: VpnConnection): readonly Key[] {
  return [
    ['DEVICE', 'vpn'],
    ['PhoneNumber', pbkText(gateways[0]?.address ?? '')],
    ['AreaCode', ''],
    ['CountryCode', 0],
    ['CountryID', 0],
    ['UseDialingRules', 0],
    ['Comment', ''],
    ['FriendlyName', ''],
    ['LastSelectedPhone', 0],
    ['PromoteAlternates', 0],
    ['TryNextAlternateOnFail', 1],
  ]
}

const line = ([key, value]: Key): string => `${key}=${String(value)}`
const flag = (value: boolean): number => (value ? 1 : 0)

/** One line without brackets: anything else would be another key or another entry. */
function pbkText(text: string): string {
  if (!text.isWellFormed() || /[\p{Cc}\u{2028}\u{2029}[\]]/u.test(text))
    throw new UnwritableText(text, 'a phone book')
  return text
}
