import { type Certificate, encodePem } from '@sallyport/pki'
import type { VpnConnection } from '../../config/sections/connections.ts'
import type { ProfileInput } from '../profile-input.ts'
import type { Finding, ProfileFile, ProfileOutput } from '../profile-output.ts'
import { refusedTexts } from '../refused-text.ts'
import { lostSettings } from './lost-settings.ts'
import { type Section, settingsText } from './strongswan-text.ts'
import { SWANCTL_METHODS, type SwanctlNames, swanctlConnection } from './swanctl-connection.ts'
import { swanctlObstacles, swanctlWarnings } from './swanctl-findings.ts'
import { systemName } from './system-name.ts'

/** strongSwan by swanctl: one file of settings, and beside it what it names (swanctl.conf(5), 5.9.8). */
export const linuxSwanctl: ProfileOutput = {
  id: 'linux-swanctl',
  title: 'strongSwan on Linux: swanctl.conf and certificates',
  system: 'linux',
  kinds: ['vpn'],
  certificates: ['pkcs12', 'installed'],
  findings: (input) => (isVpn(input) ? findings(input) : []),
  make: (input) => (isVpn(input) ? files(input) : []),
}

function findings(input: ProfileInput<VpnConnection>): readonly Finding[] {
  return [
    ...refusedTexts(input),
    ...swanctlObstacles(input),
    ...swanctlWarnings(input),
    ...lostSettings('swanctl', input.connection, [
      'enforceRouting',
      ...(['dns/servers', 'dns/suffixes', 'dns/rules', 'dns/register'] as const),
      ...(['trustedNetworks', 'triggerApplications', 'useLogonCredentials', 'deviceTunnel'] as const),
      ...(['proxy', 'mtu', 'metric'] as const),
    ]),
  ]
}

function files(input: ProfileInput<VpnConnection>): readonly ProfileFile[] {
  const { connection, radiusServer, gatewayAnchors, certificate } = input
  const method = SWANCTL_METHODS[connection.authentication]
  if (method === undefined) return []
  const name = systemName(connection)
  const anchors = unique([...gatewayAnchors, ...radiusServer.anchors])
  const caFile = (anchor: Certificate): string =>
    `${name}-ca-${String(anchors.findIndex(({ fingerprint }) => fingerprint === anchor.fingerprint) + 1)}.pem`
  const names: Omit<SwanctlNames, 'connection'> = {
    gatewayCas: unique(gatewayAnchors).map(caFile),
    ...(needsCertificate(connection) && { certificate: `${name}.pem` }),
  }
  const own = needsCertificate(connection) && certificate?.kind === 'pkcs12' ? certificate : undefined
  const conf = settingsText({
    connections: Object.fromEntries(
      connection.gateways.map(({ address }, index) => {
        const section = index === 0 ? name : `${name}-${String(index + 1)}`
        return [
          section,
          swanctlConnection(
            input,
            { address, isFirst: index === 0 },
            { ...names, connection: section },
            method,
          ),
        ]
      }),
    ),
    ...(own !== undefined && {
      secrets: { [`pkcs12-${name}`]: { file: `${name}.p12`, secret: own.password } },
    }),
  } satisfies Section)
  return [
    {
      name: `${name}.conf`,
      mediaType: 'text/plain',
      content: `${HEAD}${conf}`,
      holdsSecret: own !== undefined,
    },
    ...anchors.map((anchor) => pemFile(caFile(anchor), anchor)),
    ...(own === undefined
      ? []
      : [
          pemFile(`${name}.pem`, own.certificate),
          {
            name: `${name}.p12`,
            mediaType: 'application/x-pkcs12',
            content: own.container,
            holdsSecret: true,
          },
        ]),
  ]
}

const HEAD = `# strongSwan 5.9 and newer. Below /etc/swanctl this file belongs into conf.d, *-ca-N.pem into x509ca, the other .pem
# into x509, the .p12 into pkcs12. Then: swanctl --load-all
`

const isVpn = (input: ProfileInput): input is ProfileInput<VpnConnection> => input.connection.kind === 'vpn'

export const needsCertificate = ({ authentication }: { readonly authentication: string }): boolean =>
  authentication.endsWith('eap-tls')

export function unique(certificates: readonly Certificate[]): readonly Certificate[] {
  return [...new Map(certificates.map((one) => [one.fingerprint, one])).values()]
}

function pemFile(name: string, { der }: Certificate): ProfileFile {
  const mediaType = 'application/x-pem-file'
  return { name, mediaType, content: encodePem('CERTIFICATE', der), holdsSecret: false }
}
