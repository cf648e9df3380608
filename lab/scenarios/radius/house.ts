/** The server with RADIUS clients of every kind, each at an address of its own on the loopback network. */

import { type RadclientReply, radclient } from '../../radclient.ts'
import { openServer, ServerHouse } from '../../server-house.ts'

export const PASSWORD = 'Vpn-Passw0rd!'

export const CLIENTS = {
  gateway: { address: '127.0.0.1', secret: 'secret-of-the-gateway' },
  legacy: { address: '127.0.0.2', secret: 'secret-of-the-legacy' },
  'switched-off': { address: '127.0.0.3', secret: 'secret-switched-off' },
  rotating: { address: '127.0.0.4', secret: 'secret-of-yesterday', newSecret: 'secret-of-tomorrow' },
} as const

export const STRANGER = '127.0.0.99'

const CONFIGURATION = `
clients:
  - { name: gateway, address: 127.0.0.1, secret: ${CLIENTS.gateway.secret} }
  - { name: legacy, address: 127.0.0.2, secret: ${CLIENTS.legacy.secret}, requireMessageAuthenticator: false }
  - { name: switched-off, address: 127.0.0.3, secret: ${CLIENTS['switched-off'].secret}, enabled: false }
  - name: rotating
    address: 127.0.0.4
    secret: ${CLIENTS.rotating.secret}
    newSecret: ${CLIENTS.rotating.newSecret}
sources:
  - { name: local, kind: local, passwordStorage: reversible }
realms:
  - { name: default, default: true, sources: [local] }
profiles:
  - name: vpn
    vlan: 42
    filterId: staff
    sessionTimeoutSeconds: 28800
    idleTimeoutSeconds: 1800
    framedIpAddress: 10.0.0.7
    class: vpn
    attributes: [{ name: Cisco-AVPair, value: 'ip:inacl#1=permit ip any any' }]
rules:
  - { name: vpn-users, when: '"VPN Users" in user.groups', effect: accept, profiles: [vpn] }
groups: [{ name: VPN Users }]
users: [{ name: alice, password: ${PASSWORD}, groups: [VPN Users] }]
`

export interface Ask {
  readonly command?: 'auth' | 'acct' | 'status'
  readonly from?: keyof typeof CLIENTS
  /** Another source address than that of the client. */
  readonly address?: string
  readonly secret?: string
  readonly seconds?: number
  readonly port?: number
}

export class RadiusHouse extends ServerHouse {
  static async open(): Promise<RadiusHouse> {
    return new RadiusHouse(await openServer({ name: 'radius', configuration: CONFIGURATION }))
  }

  /** One request by radclient. */
  async ask(attributes: readonly string[], ask: Ask = {}): Promise<RadclientReply> {
    const { command = 'auth', from = 'gateway', seconds } = ask
    const { authPort, acctPort } = this.server
    return await radclient({
      command,
      port: ask.port ?? (command === 'acct' ? acctPort : authPort),
      secret: ask.secret ?? CLIENTS[from].secret,
      from: ask.address ?? CLIENTS[from].address,
      attributes,
      ...(seconds === undefined ? {} : { seconds }),
    })
  }

  /** Packets of a client that were left without an answer. */
  async droppedOf(client: keyof typeof CLIENTS): Promise<number> {
    const { items } = await this.server.api.send<{
      items: { name: string; counters: { dropped: number } }[]
    }>('GET', '/clients')
    return items.find(({ name }) => name === client)?.counters.dropped ?? -1
  }
}
