import type { VpnConnection } from '../../config/schema.ts'
import type { ProfileInput } from '../profile-input.ts'
import { type XmlNode, xml } from '../xml-text.ts'
import { windowsTunnels } from './connection-names.ts'
import { eapSettings } from './eap-settings.ts'
import { eapHostConfig } from './eap-xml.ts'
import { networkPrefix, prefixText } from './network-prefix.ts'
import { sharedKeyOf } from './shared-key.ts'
import { cspSuite } from './suites.ts'

const PROTOCOL = { ikev2: 'IKEv2', sstp: 'Sstp', l2tp: 'L2TP', pptp: 'PPTP' } as const
const DATA_ENCRYPTION = { maximum: 'Max', optional: 'Optional', none: 'None' } as const

/**
 * ProfileXML of the VPNv2 CSP for the person. Its children stand in the order Microsoft's samples have, which is not that of
 * the schema: Windows 11 takes no other from Intune, and the WMI bridge takes any.
 */
export function userProfileXml(input: ProfileInput<VpnConnection>): XmlNode {
  const { connection } = input
  const { dns } = connection
  return xml('VPNProfile', [
    xml('AlwaysOn', connection.alwaysOn),
    list('DnsSuffix', dns.suffixes),
    list('TrustedNetworkDetection', connection.trustedNetworks),
    proxy(connection),
    userNativeProfile(input),
    ...userRoutes(connection),
    // Two tunnels that register fight over the record: where there is a device tunnel, it is the one.
    dns.register && connection.deviceTunnel === undefined ? xml('RegisterDNS', true) : undefined,
    connection.proxy === undefined ? undefined : xml('ByPassForLocal', connection.proxy.bypassLocal),
    xml('RememberCredentials', connection.rememberCredentials),
    ...connection.triggerApplications.map((id) => xml('AppTrigger', [xml('App', [xml('Id', id)])])),
    ...dns.rules.map(nameRule),
    dataEncryption(connection),
  ])
}

/** The same for the machine: IKEv2 by its certificate, always on, its routes alone. One per machine, and only in ./Device. */
export function deviceProfileXml({ connection }: ProfileInput<VpnConnection>): XmlNode | undefined {
  const { deviceTunnel, dns } = connection
  if (deviceTunnel === undefined) return undefined
  return xml('VPNProfile', [
    xml('AlwaysOn', true),
    xml('DeviceTunnel', true),
    list('DnsSuffix', dns.suffixes),
    list('TrustedNetworkDetection', connection.trustedNetworks),
    xml('NativeProfile', [
      servers(connection),
      xml('RoutingPolicyType', 'SplitTunnel'),
      xml('NativeProtocolType', PROTOCOL.ikev2),
      xml('Authentication', [xml('MachineMethod', 'Certificate')]),
      cryptographySuite(connection),
      xml('DisableClassBasedDefaultRoute', true),
    ]),
    ...deviceTunnel.routes.map((prefix) => route({ prefix, exclude: false })),
    ...deviceTunnel.trafficFilters.map(({ protocol, remotePorts, remotePrefixes }) =>
      xml('TrafficFilter', [
        xml('Protocol', protocol),
        remotePorts === undefined ? undefined : xml('RemotePortRanges', remotePorts),
        list('RemoteAddressRanges', remotePrefixes.map(prefixText)),
      ]),
    ),
    dns.register ? xml('RegisterDNS', true) : undefined,
  ])
}

function userNativeProfile(input: ProfileInput<VpnConnection>): XmlNode {
  const { connection } = input
  const type = windowsTunnels(connection)[0]?.type ?? 'ikev2'
  const psk = sharedKeyOf(connection, type)
  const isSplit = connection.routing === 'split'
  return xml('NativeProfile', [
    servers(connection),
    xml('RoutingPolicyType', isSplit ? 'SplitTunnel' : 'ForceTunnel'),
    xml('NativeProtocolType', PROTOCOL[type]),
    psk === undefined ? undefined : xml('L2tpPsk', psk),
    authentication(input),
    type === 'ikev2' || type === 'l2tp' ? cryptographySuite(connection) : undefined,
    // Without a route of its own nothing at all would go through.
    isSplit && connection.routes.some(({ exclude }) => !exclude)
      ? xml('DisableClassBasedDefaultRoute', true)
      : undefined,
  ])
}

function authentication(input: ProfileInput<VpnConnection>): XmlNode {
  const settings = eapSettings(input)
  if (settings === undefined) return xml('Authentication', [xml('UserMethod', 'MSChapv2')])
  return xml('Authentication', [
    xml('UserMethod', 'Eap'),
    // Windows 11 with MDM wants both.
    xml('MachineMethod', 'Eap'),
    xml('Eap', [xml('Configuration', [eapHostConfig(settings)])]),
  ])
}

/** `host;name shown`; with Intune on Windows 11 only the host twice works, and no text of ours can end an entry. */
function servers({ gateways }: VpnConnection): XmlNode {
  return xml('Servers', gateways.map(({ address }) => `${address};${address}`).join(','))
}

function cryptographySuite({ cryptography }: VpnConnection): XmlNode {
  const suite = cspSuite(cryptography)
  return xml('CryptographySuite', [
    xml('AuthenticationTransformConstants', suite.authenticationTransform),
    xml('CipherTransformConstants', suite.cipherTransform),
    xml('PfsGroup', suite.pfsGroup),
    xml('DHGroup', suite.dhGroup),
    xml('IntegrityCheckMethod', suite.integrity),
    xml('EncryptionMethod', suite.encryption),
  ])
}

/** A full tunnel has routes only around it. */
function userRoutes({ routing, routes }: VpnConnection): readonly XmlNode[] {
  return routes.filter(({ exclude }) => exclude || routing === 'split').map(route)
}

function route({ prefix, metric, exclude }: VpnConnection['routes'][number]): XmlNode {
  const { address, length } = networkPrefix(prefix)
  return xml('Route', [
    xml('Address', address),
    xml('PrefixSize', length),
    metric === undefined ? undefined : xml('Metric', metric),
    exclude ? xml('ExclusionRoute', true) : undefined,
  ])
}

function nameRule({ suffix, servers: dnsServers, autoTrigger, persistent }: NameRule): XmlNode {
  return xml('DomainNameInformation', [
    xml('DomainName', suffix),
    list('DnsServers', dnsServers),
    xml('AutoTrigger', autoTrigger),
    xml('Persistent', persistent),
  ])
}
type NameRule = VpnConnection['dns']['rules'][number]

function proxy({ proxy: settings }: VpnConnection): XmlNode | undefined {
  if (settings?.autoConfigurationUrl !== undefined)
    return xml('Proxy', [xml('AutoConfigUrl', settings.autoConfigurationUrl)])
  if (settings?.server !== undefined) return xml('Proxy', [xml('Manual', [xml('Server', settings.server)])])
  return undefined
}

/** Known since Windows 11 22H2, so what is the default anyway is left out; IKEv2 always encrypts. */
function dataEncryption(connection: VpnConnection): XmlNode | undefined {
  const { encryption } = connection
  if (encryption === 'required' || windowsTunnels(connection)[0]?.type === 'ikev2') return undefined
  return xml('DataEncryption', DATA_ENCRYPTION[encryption])
}

function list(name: string, values: readonly string[]): XmlNode | undefined {
  return values.length === 0 ? undefined : xml(name, values.join(','))
}
