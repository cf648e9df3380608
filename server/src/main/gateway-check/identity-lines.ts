import type { AuthenticationMethod, ConnectionKind } from '../../config/schema.ts'
import { nasIdentifierOf } from '../../profiles/gateways/read-me.ts'
import { type CheckItem, type CheckLine, ok, warning } from './check-line.ts'
import type { GatewaySeen } from './seen.ts'

/** Whether it calls itself what was configured, and asks for what its connections say. */
export function identityLines(seen: GatewaySeen): readonly CheckLine[] {
  if (seen.logins.length === 0) return []
  const { gateway } = seen.input
  return [
    ...compared(seen, 'nas-identifier', 'NAS-Identifier', [nasIdentifierOf(gateway)]),
    ...compared(
      seen,
      'nas-address',
      'NAS-IP-Address',
      [gateway.inside.address, gateway.outside.address].filter((address) => address !== undefined),
    ),
    ...portTypeLine(seen),
    ...methodLine(seen),
  ]
}

/** Values of an attribute in the last logins, the latest first. */
function valuesOf({ logins }: GatewaySeen, name: string): readonly string[] {
  return [...new Set(logins.flatMap(({ attributes }) => attributes[name] ?? []))].slice(0, 5)
}

function compared(seen: GatewaySeen, item: CheckItem, name: string, wanted: readonly string[]): CheckLine[] {
  const values = valuesOf(seen, name)
  if (values.length === 0 || wanted.length === 0) return []
  if (values.every((value) => wanted.includes(value))) return [ok(item, `${name} is ${values.join(', ')}.`)]
  return [
    warning(
      item,
      `${name} is ${values.join(', ')}; ${wanted.join(' or ')} was configured.`,
      'Correct it on the gateway or in section gateways: rules and CoA may go by it.',
    ),
  ]
}

/** RFC 2865 section 5.41; a VPN is Virtual. */
const PORT_TYPES: Readonly<Record<ConnectionKind, readonly string[]>> = {
  vpn: ['Virtual'],
  wifi: ['Wireless-802.11'],
  wired: ['Ethernet'],
}

function portTypeLine(seen: GatewaySeen): CheckLine[] {
  const wanted = [...new Set(seen.input.connections.flatMap(({ connection }) => PORT_TYPES[connection.kind]))]
  return compared(seen, 'port-type', 'NAS-Port-Type', wanted)
}

/** How receipts name what a connection asks for. */
const METHOD_NAMES: Readonly<Record<AuthenticationMethod, RegExp>> = {
  'eap-tls': /^eap-tls$/i,
  'peap-eap-tls': /^(eap-)?peap/i,
  'ttls-eap-tls': /^(eap-)?ttls/i,
  'peap-mschapv2': /^(eap-)?peap/i,
  'ttls-mschapv2': /^(eap-)?ttls/i,
  'ttls-pap': /^(eap-)?ttls/i,
  'eap-mschapv2': /^eap-mschapv2$/i,
  mschapv2: /^ms-?chap-?v2$/i,
}

function methodLine({ logins, input }: GatewaySeen): CheckLine[] {
  const methods = [...new Set(logins.flatMap(({ method }) => (method === undefined ? [] : [method])))]
  if (methods.length === 0) return []
  const wanted = [...new Set(input.connections.map(({ connection }) => connection.authentication))]
  const others = methods.filter((method) => !wanted.some((each) => METHOD_NAMES[each].test(method)))
  const text = `Methods asked: ${methods.join(', ')}.`
  if (others.length === 0) return [ok('methods', text)]
  return [
    warning(
      'methods',
      `${text} Its connections are for ${wanted.join(', ')}.`,
      'Clients were set up in another way than the connection says, or the gateway offers more: make their files again.',
    ),
  ]
}
