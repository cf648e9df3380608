import type { WifiConnection, WiredConnection } from '../../../config/schema.ts'
import type { GatewayInput } from '../../gateway-input.ts'
import type { GatewayOutput } from '../../gateway-output.ts'
import type { Finding, ProfileFile } from '../../profile-output.ts'
import { linuxCards } from '../network-cards.ts'
import { nftablesFile } from '../nftables.ts'
import { gatewaySources } from '../openings.ts'
import { type ReadMe, readMeFile } from '../read-me.ts'
import { secretFindings } from '../shared-secret.ts'
import { hostapdConf, type Port, VLAN_FILE } from './hostapd-conf.ts'

const TITLE = 'hostapd (Wi-Fi or wired 802.1X)'
/** A line of hostapd.conf has at most 4,095 octets. */
const SECRET = { where: 'hostapd.conf', beyondAscii: true, mostOctets: 2000 }
/** IFNAMSIZ of Linux without its end. */
const LONGEST_INTERFACE = 15

export const HOSTAPD: GatewayOutput = {
  kind: 'hostapd',
  title: TITLE,
  findings: (input) => [
    ...secretFindings(input, SECRET),
    ...placeFindings(input),
    ...vlanFindings(input),
    ...oneCoaSender(input),
  ],
  make: (input) => {
    const [connection, port] = [portConnection(input), portOf(input)]
    if (connection === undefined || port === undefined) throw new Error('made in spite of an obstacle')
    return [
      {
        ...{ name: 'hostapd.conf', mediaType: 'text/plain', holdsSecret: true },
        content: hostapdConf(input, connection, port),
      },
      ...vlanFile(input, connection, port),
      nftablesFile(input, 'gateway'),
      nftablesFile(input, 'server'),
      readMeFile(input, readMe(input, connection, port)),
    ]
  },
}

function portConnection({ connections }: GatewayInput): WifiConnection | WiredConnection | undefined {
  return connections
    .map(({ connection }) => connection)
    .find((one): one is WifiConnection | WiredConnection => one.kind !== 'vpn')
}

/** The port of 802.1X, and the address the RADIUS packets come from. */
function portOf(input: GatewayInput): Port | undefined {
  const { outside, inside } = input.gateway
  const address = inside.address ?? gatewaySources(input).find((source) => !source.includes('/'))
  return outside.interface === undefined || address === undefined
    ? undefined
    : { interface: outside.interface, address }
}

function placeFindings(input: GatewayInput): readonly Finding[] {
  const { name, outside, connections } = input.gateway
  const findings: Finding[] = []
  if (outside.interface === undefined) {
    findings.push({
      ...{ severity: 'obstacle', code: 'interface-missing', setting: `gateways/${name}/outside/interface` },
      message: 'hostapd is for one interface: say which (eth1, wlan0).',
    })
  } else if (outside.interface.length > LONGEST_INTERFACE || !/^[!-~]+$/.test(outside.interface)) {
    findings.push({
      ...{
        severity: 'obstacle',
        code: 'interface-name',
        setting: `gateways/${name}/outside/interface`,
      },
      message: `An interface of Linux has at most ${String(LONGEST_INTERFACE)} characters of ASCII and no space.`,
    })
  } else if (portOf(input) === undefined) {
    findings.push({
      ...{ severity: 'obstacle', code: 'address-missing', setting: `gateways/${name}/inside/address` },
      message:
        'The client has no single IP address: say which one hostapd asks from, or it calls itself 127.0.0.1 (NAS-IP-Address).',
    })
  }
  if (connections.length > 1) {
    findings.push({
      ...{ severity: 'obstacle', code: 'one-connection', setting: `gateways/${name}/connections` },
      message: 'One hostapd.conf is for one connection: describe a gateway for each.',
    })
  }
  return findings
}

/** Tried: with dynamic_vlan the wired driver cannot make the VLAN and leaves the computer stuck between in and out. */
function vlanFindings(input: GatewayInput): readonly Finding[] {
  const { name, vlans } = input.gateway
  if (vlans.length === 0 || portConnection(input)?.kind !== 'wired') return []
  return [
    {
      ...{ severity: 'warning', code: 'vlan-not-enforced', setting: `gateways/${name}/vlans` },
      message:
        'The wired driver of hostapd neither blocks a port nor moves it to a VLAN: a program beside it has to (hostapd_cli -a).',
    },
  ]
}

function oneCoaSender({ gateway, dynamicAuthorization }: GatewayInput): readonly Finding[] {
  if (dynamicAuthorization === undefined || gateway.radiusServers.length < 2) return []
  return [
    {
      ...{ severity: 'warning', code: 'one-coa-sender', setting: `gateways/${gateway.name}/radiusServers` },
      message: `hostapd takes CoA and Disconnect of one address: ${gateway.radiusServers[0] ?? ''}. What the others send is dropped.`,
    },
  ]
}

/** The VLANs hostapd makes an interface and a bridge for. */
function vlanFile({ gateway }: GatewayInput, { kind }: { kind: string }, port: Port): readonly ProfileFile[] {
  if (kind !== 'wifi' || gateway.vlans.length === 0) return []
  const lines = gateway.vlans.map((vlan) => {
    const own = `${port.interface}.${String(vlan)}`
    return `${String(vlan)} ${own.length <= LONGEST_INTERFACE ? own : `vl.${String(vlan)}`} br${String(vlan)}`
  })
  return [
    {
      ...{ name: 'hostapd.vlan', mediaType: 'text/plain', holdsSecret: false },
      content: `${lines.join('\n')}\n`,
    },
  ]
}

function readMe(
  { gateway, dynamicAuthorization }: GatewayInput,
  { kind }: { kind: 'wifi' | 'wired' },
  port: Port,
): ReadMe {
  const isWifi = kind === 'wifi'
  return {
    title: TITLE,
    sureness: isWifi
      ? 'Keys checked by hostapd 2.10 (Debian 12), which reads the file; not tried with a radio.'
      : 'Tried with hostapd 2.10 (Debian 12): logins, accounting and Disconnect, with this file as it is.',
    steps: [
      'apt-get install hostapd',
      'hostapd.conf goes to /etc/hostapd/hostapd.conf, for root alone (chmod 600): it holds secrets.',
      ...(isWifi && gateway.vlans.length > 0
        ? [
            `hostapd.vlan goes to ${VLAN_FILE}: VLAN, its interface, its bridge. Bridge each with its VLAN on the cable.`,
          ]
        : []),
      'systemctl unmask hostapd; systemctl enable --now hostapd',
    ],
    cards: linuxCards(gateway),
    checks: [
      { command: `hostapd_cli -p /run/hostapd -i ${port.interface} status`, shows: 'state=ENABLED' },
      {
        command: `hostapd_cli -p /run/hostapd -i ${port.interface} mib`,
        shows:
          'radiusAuthClientAccessAccepts goes up with each login, radiusAuthClientTimeouts stays; BadAuthenticators means a wrong secret.',
      },
      {
        command: `hostapd_cli -p /run/hostapd -i ${port.interface} all_sta`,
        shows: 'Who is in; dot1xAuthSessionUserName names them.',
      },
      ...(dynamicAuthorization === undefined
        ? []
        : [
            {
              command: `ss -lun sport = :${String(dynamicAuthorization.port)}`,
              shows: 'hostapd waits for CoA and Disconnect. It knows Disconnect alone; a CoA is refused.',
            },
          ]),
    ],
  }
}
