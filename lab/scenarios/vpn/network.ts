/**
 *                      10.78.0.0/24                                10.77.2.0/24
 *   server .2 --+---- dc .10 (DNS, LDAP, winbind)   gateway .1, .9 -------------- client .2
 *               +---- inside .9, 10.77.8.1 and 10.77.9.1: what is behind the VPN; 10.79.0.1: the rest of the world
 *               +---- gateway .1
 *               +---- switch .3 --port1 -- eth1-- computer
 */
import { Network } from '../../network.ts'

export const ADDRESSES = {
  server: '10.78.0.2',
  dc: '10.78.0.10',
  gateway: '10.78.0.1',
  switch: '10.78.0.3',
  inside: '10.78.0.9',
  outside: '10.77.2.1',
  client: '10.77.2.2',
} as const

/** Hosts behind the gateway. */
export const STAFF_HOST = '10.77.9.1'
export const ADMIN_HOST = '10.77.8.1'
/** Another host at the client's own cable. */
export const NEIGHBOUR = '10.77.2.9'
/** In no network of a split tunnel; the gateway knows the way. */
export const STRANGER = '10.79.0.1'
/** All addresses VPN clients may have. */
const CLIENTS = '10.77.100.0/22'

export const STAFF_VLAN = 42
export const OTHER_VLAN = 99

export function cabled(): Network {
  const network = new Network('server', 'dc', 'gateway', 'inside', 'client', 'switch', 'computer')
  try {
    const lan = (host: 'server' | 'dc' | 'gateway' | 'switch') =>
      ({ host, port: 'lan', address: `${ADDRESSES[host]}/24` }) as const
    const [server, dc] = [lan('server'), lan('dc')]
    network.segment(
      { host: 'inside', port: 'lan', address: `${ADDRESSES.inside}/24` },
      ...[server, dc, lan('gateway'), lan('switch')],
    )
    network.knowEachOther(server, dc)
    network.cable(
      { host: 'gateway', port: 'wan', address: `${ADDRESSES.outside}/24` },
      { host: 'client', port: 'wan', address: `${ADDRESSES.client}/24` },
    )
    network.ip('gateway', 'address', 'add', `${NEIGHBOUR}/24`, 'dev', 'wan')
    network.cable({ host: 'switch', port: 'port1' }, { host: 'computer', port: 'eth1' })
    for (const vlan of [STAFF_VLAN, OTHER_VLAN])
      network.ip('computer', 'address', 'add', `10.77.${vlan}.7/24`, 'dev', 'eth1')
    for (const host of [STAFF_HOST, ADMIN_HOST]) {
      network.ip('inside', 'address', 'add', `${host}/24`, 'dev', 'lan')
      // A gateway with ESP in user space needs an address in each network it serves.
      network.ip('gateway', 'address', 'add', host.replace(/1$/, '254/24'), 'dev', 'lan')
    }
    network.ip('inside', 'address', 'add', `${STRANGER}/32`, 'dev', 'lan')
    network.ip('gateway', 'route', 'add', STRANGER, 'via', ADDRESSES.inside)
    network.ip('inside', 'route', 'add', CLIENTS, 'via', ADDRESSES.gateway)
    network.ip('dc', 'route', 'add', 'default', 'via', ADDRESSES.gateway)
    // The client knows a way to everything, and the gateway lets nothing through but questions to the DNS.
    network.ip('client', 'route', 'add', 'default', 'via', ADDRESSES.outside)
    return network
  } catch (error) {
    network[Symbol.dispose]()
    throw error
  }
}

/** What Debian's own rules could be on a gateway: nothing comes in, nothing passes but what comes out of a tunnel. */
export const GATEWAY_RULES = `
table inet filter {
  chain input {
    type filter hook input priority filter; policy drop;
    iifname "lo" accept
    ct state established,related accept
    meta l4proto icmp accept
  }
  chain forward {
    type filter hook forward priority filter; policy drop;
    ct state established,related accept
    iifname "ipsec*" accept
    ip daddr ${ADDRESSES.dc} udp dport 53 accept comment "stands for the DNS of the Internet"
  }
}
`

/** Who was pinged, and as whom the one who pinged was seen. */
export const PING_RULES = `
table inet pings {
  set seen {
    type ipv4_addr . ipv4_addr
    size 256
    flags dynamic
  }
  chain arrived {
    type filter hook prerouting priority filter;
    icmp type echo-request add @seen { ip daddr . ip saddr }
  }
}
`

/** The same on the server: what RADIUS needs is left to the generated rules. */
export function serverRules(enrolPort: number): string {
  return `
table inet filter {
  chain input {
    type filter hook input priority filter; policy drop;
    iifname "lo" accept
    ct state established,related accept
    meta l4proto icmp accept
    tcp dport ${enrolPort} accept
  }
}
`
}
