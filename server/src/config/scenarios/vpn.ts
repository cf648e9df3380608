import { stringify } from 'yaml'

export interface VpnScenario {
  /** Friendly name of the VPN gateway. */
  readonly clientName: string
  /** Its address, network or DNS name. */
  readonly clientAddress: string
  /** One of the vendors of docs/configuration.md. */
  readonly vendor?: string
  /** Who may come in. */
  readonly group: string
}

/**
 * `sallyport init vpn`: a gateway, a group, a rule and a profile, so that the group's members log in to the VPN by a
 * certificate or by name and password. Returns YAML to look at and apply; the gateway's secret is made when it is applied.
 */
export function vpnScenario({ clientName, clientAddress, vendor = 'other', group }: VpnScenario): string {
  // JSON strings are CEL strings, too.
  const when = `${JSON.stringify(group)} in user.groups && client.name == ${JSON.stringify(clientName)}`
  return stringify(
    {
      clients: [{ name: clientName, address: clientAddress, vendor, secret: { generate: true } }],
      // MS-CHAP, which most gateways speak, needs the NT hash.
      sources: [{ name: 'local', kind: 'local', passwordStorage: 'nt-hash' }],
      realms: [{ name: 'default', default: true, sources: ['local'] }],
      trust: [{ name: 'own', kind: 'own' }],
      profiles: [{ name: 'vpn', sessionTimeoutSeconds: 28_800, idleTimeoutSeconds: 1_800, class: 'vpn' }],
      rules: [
        {
          name: `${group} on ${clientName}`,
          when,
          methods: {
            outer: ['eap-tls', 'peap', 'mschapv2', 'eap-mschapv2'],
            inner: ['eap-mschapv2', 'eap-tls'],
          },
          effect: 'accept',
          profiles: ['vpn'],
        },
      ],
      groups: [{ name: group }],
    },
    { lineWidth: 0 },
  )
}
