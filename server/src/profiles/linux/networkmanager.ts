import { encodePem } from '@sallyport/pki'
import type { TunnelType } from '../../config/sections/connections/vpn.ts'
import type { VpnConnection, WifiConnection, WiredConnection } from '../../config/sections/connections.ts'
import type { ProfileInput } from '../profile-input.ts'
import type { ProfileFile, ProfileOutput } from '../profile-output.ts'
import { refusedTexts } from '../refused-text.ts'
import { stableUuid } from '../stable-uuid.ts'
import { type Keyfile, keyfileText } from './keyfile.ts'
import { nmFindings } from './nm-findings.ts'
import { nmIp } from './nm-ip.ts'
import { nmPlaces } from './nm-places.ts'
import { NM_PORT_METHODS, nmPort } from './nm-port.ts'
import { NM_METHODS, nmVpn } from './nm-vpn.ts'
import { systemName } from './system-name.ts'

/** Keyfiles of NetworkManager 1.40 and newer (nm-settings-keyfile(5)), one for each tunnel and gateway. */
export const linuxNetworkManager: ProfileOutput = {
  id: 'linux-networkmanager',
  title: 'NetworkManager on Linux: keyfiles',
  system: 'linux',
  kinds: ['vpn', 'wifi', 'wired'],
  certificates: ['pkcs12', 'installed'],
  findings: (input) => [...refusedTexts(input), ...nmFindings(input)],
  make: (input) => [...keyfiles(input), ...certificates(input)],
}

function keyfiles(input: ProfileInput): readonly ProfileFile[] {
  const { connection } = input
  const name = systemName(connection)
  if (connection.kind !== 'vpn') {
    const port: ProfileInput<WifiConnection | WiredConnection> = { ...input, connection }
    const method = NM_PORT_METHODS[connection.authentication]
    if (method === undefined) return []
    const groups = nmPort(port, nmPlaces(name), method)
    const autoconnect = connection.kind === 'wired' || connection.autoConnect
    const type = connection.kind === 'wifi' ? 'wifi' : 'ethernet'
    const head = { type, autoconnect: autoconnect ? 'true' : 'false' }
    return [keyfile(`${name}.nmconnection`, identified(input, [], head), groups)]
  }
  const vpn: ProfileInput<VpnConnection> = { ...input, connection }
  const ways = connection.gateways.flatMap((gateway) =>
    servedTunnels(connection).map((tunnel) => ({ tunnel, gateway })),
  )
  return ways.map(({ tunnel, gateway }, index) => {
    const { address, title = address } = gateway
    const words = [
      ...(servedTunnels(connection).length > 1 ? [TUNNELS[tunnel]] : []),
      ...(connection.gateways.length > 1 ? [title] : []),
    ]
    const head = identified(input, words, { type: 'vpn', autoconnect: 'false' }, tunnel, address)
    const groups = {
      vpn: nmVpn(tunnel, vpn, address, nmPlaces(name)),
      ...nmIp(connection),
      ...nmProxy(connection),
    }
    const file = index === 0 ? name : `${name}-${String(index + 1)}`
    return keyfile(`${file}.nmconnection`, head, groups)
  })
}

const TUNNELS: Readonly<Record<TunnelType, string>> = {
  ikev2: 'IKEv2',
  sstp: 'SSTP',
  l2tp: 'L2TP',
  pptp: 'PPTP',
}

/** The tunnels whose plugin knows the method. */
export const servedTunnels = ({ tunnelTypes, authentication }: VpnConnection): readonly TunnelType[] =>
  tunnelTypes.filter((type) => NM_METHODS[type].includes(authentication))

function identified(
  { organization, connection, person }: ProfileInput,
  words: readonly string[],
  rest: Keyfile[string],
  ...way: readonly string[]
): Keyfile[string] {
  const { name, title = name } = connection
  const parts = [organization.identifier, name, person?.userName ?? '', ...way]
  return {
    id: words.length === 0 ? title : `${title} (${words.join(', ')})`,
    uuid: stableUuid('networkmanager', ...parts),
    ...rest,
  }
}

function nmProxy({ proxy }: VpnConnection): Keyfile {
  if (proxy?.autoConfigurationUrl === undefined) return {}
  return { proxy: { method: '1', 'pac-url': proxy.autoConfigurationUrl } }
}

function keyfile(name: string, connection: Keyfile[string], groups: Keyfile): ProfileFile {
  const content = keyfileText({ connection, ...groups })
  // NetworkManager refuses keyfiles that others may read, so all of them are kept as secrets are.
  return { name, mediaType: 'text/plain', content, holdsSecret: true }
}

function certificates({
  connection,
  radiusServer,
  gatewayAnchors,
  certificate,
}: ProfileInput): readonly ProfileFile[] {
  const name = systemName(connection)
  const pem = (kind: string, ders: readonly Uint8Array[]): ProfileFile => ({
    name: `${name}-${kind}-ca.pem`,
    mediaType: 'application/x-pem-file',
    content: ders.map((der) => encodePem('CERTIFICATE', der)).join(''),
    holdsSecret: false,
  })
  return [
    pem(
      'radius',
      radiusServer.anchors.map(({ der }) => der),
    ),
    ...(connection.kind === 'vpn'
      ? [
          pem(
            'gateway',
            gatewayAnchors.slice(0, 1).map(({ der }) => der),
          ),
        ]
      : []),
    ...(certificate?.kind === 'pkcs12' && connection.authentication.endsWith('eap-tls')
      ? [
          {
            name: `${name}.p12`,
            mediaType: 'application/x-pkcs12',
            content: certificate.container,
            holdsSecret: true,
          },
        ]
      : []),
  ]
}
