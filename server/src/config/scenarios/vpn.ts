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

/** The group of the first start: it exists, and a rule of this scenario's name lets it in. */
export const STARTER_GROUP = 'VPN Users'

/**
 * `sallyport init vpn`: a gateway, a profile and a rule by which the group's members log in with a certificate or by name
 * and password. Returns YAML to look at and apply; the gateway's secret is made when it is applied.
 *
 * For the group of the first start the rule has the name of the one made there and so changes it: a new one would stand
 * behind it and never be reached. What an administrator may have changed (sources, realms, members of
 * groups) is not named. A second gateway changes nothing but the clients.
 */
export function vpnScenario({ clientName, clientAddress, vendor, group }: VpnScenario): string {
  const isStarter = group.toLowerCase() === STARTER_GROUP.toLowerCase()
  // No name of the first start or of an administrator looks like the second one.
  const name = isStarter ? 'vpn-users' : `vpn: ${group}`
  const device = vendor === undefined ? {} : { vendor }
  const parts = [
    {
      why: ['The gateway. Applying this shows its secret, once.'],
      clients: [{ name: clientName, address: clientAddress, ...device, secret: { generate: true } }],
    },
    {
      why: ['What a login carries: 8 hours, ended after 30 idle minutes.'],
      profiles: [{ name, sessionTimeoutSeconds: 28_800, idleTimeoutSeconds: 1_800, class: 'vpn' }],
    },
    {
      why: [
        'Members of the group come in by certificate, PEAP or MS-CHAPv2; not by PAP. On every client: for this one only',
        `add  && client.name == ${JSON.stringify(clientName)}  to the condition.`,
        ...(isStarter ? ['It takes the place of the rule of the first start.'] : []),
      ],
      rules: [
        {
          name,
          // JSON strings are CEL strings, too.
          when: `${JSON.stringify(isStarter ? STARTER_GROUP : group)} in user.groups`,
          methods: {
            outer: ['eap-tls', 'peap', 'mschapv2', 'eap-mschapv2'],
            inner: ['eap-mschapv2', 'eap-tls'],
          },
          effect: 'accept',
          profiles: [name],
        },
      ],
    },
  ]
  const written = parts.map(
    ({ why, ...section }) => `${comment(...why)}${stringify(section, { lineWidth: 0 })}`,
  )
  return [...written, storage(group), ...(isStarter ? [] : [newGroup(group)])].join('\n')
}

/** Not in force by itself: it would replace the lock-out settings of the source. */
function storage(group: string): string {
  return comment(
    'MS-CHAPv2, inside PEAP as well, can check a password only if it is kept as nt-hash (or reversible). For one user:',
    `  npx sallyport users add alice --groups ${JSON.stringify(group)} --storage nt-hash`,
    'For all passwords set from now on, take the # away here; what your source sets besides must be repeated:',
    'sources:',
    '  - { name: local, kind: local, passwordStorage: nt-hash }',
  )
}

function newGroup(group: string): string {
  return comment(
    'Where the group does not exist yet, take the # away here:',
    'groups:',
    `  - { name: ${JSON.stringify(group)} }`,
  )
}

function comment(...lines: string[]): string {
  return lines.map((line) => `# ${line}\n`).join('')
}
