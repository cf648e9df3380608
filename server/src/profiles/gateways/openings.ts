import type { GatewayInput } from '../gateway-input.ts'
import { tunnelTypes } from './vpn-connections.ts'

/** One thing a packet filter has to let through. */
export interface Opening {
  readonly host: 'gateway' | 'server'
  readonly card: 'outside' | 'inside'
  readonly protocol: 'udp' | 'tcp' | 'esp' | 'gre'
  readonly ports: readonly number[]
  /** Addresses or networks it may come from; empty = anywhere, or not known. */
  readonly from: readonly string[]
  readonly why: string
  /** Only where it came out of an IPsec SA. */
  readonly insideIpsec?: true
}

/** What is to be opened, and for whom, on the gateway and on this server. */
export function openingsOf(input: GatewayInput): readonly Opening[] {
  return [...tunnelOpenings(input), ...coaOpening(input), ...radiusOpenings(input)]
}

/** Addresses the RADIUS packets of the gateway come from, as far as somebody wrote them down. */
export function gatewaySources({ client }: GatewayInput): readonly string[] {
  return /^[0-9.]+(\/\d+)?$|:/.test(client.address) ? [client.address.replace(/%.*$/, '')] : []
}

function tunnelOpenings(input: GatewayInput): Opening[] {
  const types = tunnelTypes(input)
  const outside = { host: 'gateway', card: 'outside', from: [] } as const
  const openings: Opening[] = []
  if (types.has('ikev2') || types.has('l2tp')) {
    // RFC 7296 section 2.23: IKE moves to 4500 where there is NAT; RFC 3948: ESP goes with it.
    openings.push(
      { ...outside, protocol: 'udp', ports: [500, 4500], why: 'IKE, and ESP through NAT' },
      { ...outside, protocol: 'esp', ports: [], why: 'ESP where there is no NAT (IP protocol 50)' },
    )
  }
  if (types.has('sstp')) {
    openings.push({ ...outside, protocol: 'tcp', ports: [443], why: 'SSTP' })
  }
  if (types.has('l2tp')) {
    openings.push({
      ...{ ...outside, protocol: 'udp', ports: [1701], insideIpsec: true },
      // RFC 3193: L2TP itself protects nothing.
      why: 'L2TP, only out of IPsec: in the clear it would be open to everybody',
    })
  }
  if (types.has('pptp')) {
    openings.push(
      { ...outside, protocol: 'tcp', ports: [1723], why: 'PPTP: control' },
      { ...outside, protocol: 'gre', ports: [], why: 'PPTP: data (IP protocol 47)' },
    )
  }
  return openings
}

function coaOpening({ gateway, dynamicAuthorization }: GatewayInput): Opening[] {
  if (dynamicAuthorization === undefined) return []
  return [
    {
      ...{ host: 'gateway', card: 'inside', protocol: 'udp', ports: [dynamicAuthorization.port] },
      ...{ from: gateway.radiusServers, why: 'CoA and Disconnect from this server (RFC 5176)' },
    },
  ]
}

function radiusOpenings(input: GatewayInput): Opening[] {
  const { authenticationPort, accountingPort } = input.gateway
  return [
    {
      ...{ host: 'server', card: 'inside', protocol: 'udp', ports: [authenticationPort, accountingPort] },
      ...{ from: gatewaySources(input), why: 'RADIUS: logins and accounting of this gateway' },
    },
  ]
}
