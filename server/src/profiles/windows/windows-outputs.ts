import type { ConnectionKind, VpnConnection, WifiConnection, WiredConnection } from '../../config/schema.ts'
import { fileName } from '../file-name.ts'
import type { CertificateForm, ProfileInput } from '../profile-input.ts'
import type { Finding, ProfileFile, ProfileOutput } from '../profile-output.ts'
import { type XmlNode, xmlDocument } from '../xml-text.ts'
import { alwaysOnScript } from './always-on-script.ts'
import { cmdSetUp } from './cmd-set-up.ts'
import { deviceTunnelName, shownName } from './connection-names.ts'
import type { Scope } from './connection-steps.ts'
import { lanProfile, wlanProfile } from './dot1x-xml.ts'
import { lostByPhoneBook, lostByProfileXml, lostByScript } from './lost-settings.ts'
import { phoneBook } from './phone-book.ts'
import { powershellFile } from './powershell-text.ts'
import { deviceProfileXml, userProfileXml } from './profile-xml.ts'
import { removeScript } from './remove-script.ts'
import { repairScript } from './repair-script.ts'
import { needsElevation, setUpScript } from './set-up-script.ts'
import { sharedKeyOf } from './shared-key.ts'
import { syncMl } from './sync-ml.ts'
import { toAllUsersScript } from './to-all-users-script.ts'
import { commonFindings, deviceTunnelFindings, vpnFindings } from './windows-findings.ts'

const ALL_KINDS: readonly ConnectionKind[] = ['vpn', 'wifi', 'wired']
/** In a domain auto-enrolment brings it: see docs/guides/windows-autoenrolment.md. */
const BROUGHT: readonly CertificateForm[] = ['pkcs12', 'installed']
/** The person is told the password apart from the file. */
const PKCS12 = { form: 'modern', password: 'typed' } as const
const VPN: readonly ConnectionKind[] = ['vpn']

/** Every form of Windows, the one most people want first. */
export const WINDOWS_OUTPUTS: readonly ProfileOutput[] = [
  {
    id: 'windows-setup',
    title: 'Windows: one file to double-click',
    system: 'windows',
    kinds: ALL_KINDS,
    certificates: BROUGHT,
    pkcs12: PKCS12,
    findings: (input) => scriptFindings(input, ownScope(input)),
    make: (input) => {
      const scope = ownScope(input)
      const content = cmdSetUp(setUpScript(input, scope), needsElevation(input.connection, scope))
      return [{ ...file(input, 'cmd', content, hasSecret(input)), mediaType: 'application/octet-stream' }]
    },
  },
  {
    id: 'windows-script',
    title: 'Windows: PowerShell script for the person who runs it',
    system: 'windows',
    kinds: ALL_KINDS,
    certificates: BROUGHT,
    pkcs12: PKCS12,
    findings: (input) => scriptFindings(input, 'person'),
    make: (input) => [file(input, 'ps1', powershellFile(setUpScript(input, 'person')), hasSecret(input))],
  },
  vpnOutput({
    id: 'windows-script-all-users',
    title: 'Windows: PowerShell script for all users of a machine, and before sign-in',
    certificates: BROUGHT,
    pkcs12: PKCS12,
    findings: (input) => scriptFindings(input, 'all-users'),
    make: (input) => [
      file(input, 'ps1', powershellFile(setUpScript(input, 'all-users')), hasSecret(input), 'all-users'),
    ],
  }),
  vpnOutput({
    id: 'windows-to-all-users',
    title: 'Windows: script that makes a personal connection one of all users',
    findings: vpnFindings,
    make: (input) => [
      file(input, 'ps1', powershellFile(toAllUsersScript(input)), hasSharedKey(input), 'to-all-users'),
    ],
  }),
  vpnOutput({
    id: 'windows-profilexml',
    title: 'Windows: ProfileXML of Always On VPN for MDM servers',
    findings: profileXmlFindings,
    make: (input) => {
      const device = deviceProfileXml(input)
      const name = shownName(input.connection)
      return [
        ...profileXmlFiles(input, userProfileXml(input), 'User', name),
        ...(device === undefined
          ? []
          : profileXmlFiles(input, device, 'Device', deviceTunnelName(input.connection))),
      ]
    },
  }),
  vpnOutput({
    id: 'windows-aovpn-script',
    title: 'Windows: script that deploys Always On VPN without an MDM server',
    findings: profileXmlFindings,
    make: (input) => [
      file(input, 'ps1', powershellFile(alwaysOnScript(input)), hasSharedKey(input), 'always-on'),
    ],
  }),
  vpnOutput({
    id: 'windows-aovpn-repair',
    title: 'Windows: script that repairs Always On VPN',
    findings: vpnFindings,
    make: (input) => [file(input, 'ps1', powershellFile(repairScript(input)), false, 'repair')],
  }),
  vpnOutput({
    id: 'windows-rasphone',
    title: 'Windows: entry of the phone book rasphone.pbk',
    findings: (input) => [...vpnFindings(input), ...lostByPhoneBook(input.connection)],
    make: (input) => [file(input, 'pbk', phoneBook(input.connection), false)],
  }),
  {
    id: 'windows-wlan-xml',
    title: 'Windows: WLANProfile for netsh, group policy and MDM servers',
    system: 'windows',
    kinds: ['wifi'],
    certificates: [],
    findings: commonFindings,
    make: (input) => [xmlFile(input, wlanProfile(input as ProfileInput<WifiConnection>), 'wlan')], // kinds has no other
  },
  {
    id: 'windows-lan-xml',
    title: 'Windows: LANProfile for netsh and group policy',
    system: 'windows',
    kinds: ['wired'],
    certificates: [],
    findings: commonFindings,
    make: (input) => [xmlFile(input, lanProfile(input as ProfileInput<WiredConnection>), 'lan')], // kinds has no other
  },
  {
    id: 'windows-remove',
    title: 'Windows: script that takes away what the others made',
    system: 'windows',
    kinds: ALL_KINDS,
    certificates: [],
    findings: commonFindings,
    make: (input) => [file(input, 'ps1', powershellFile(removeScript(input)), false, 'remove')],
  },
]

interface VpnOutput {
  readonly id: string
  readonly title: string
  readonly certificates?: ProfileOutput['certificates']
  readonly pkcs12?: NonNullable<ProfileOutput['pkcs12']>
  findings(input: ProfileInput<VpnConnection>): readonly Finding[]
  make(input: ProfileInput<VpnConnection>): readonly ProfileFile[]
}

/** `kinds` lets VPNs in alone, which the compiler cannot see. */
function vpnOutput({ findings, make, certificates = [], ...rest }: VpnOutput): ProfileOutput {
  return {
    ...rest,
    system: 'windows',
    kinds: VPN,
    certificates,
    findings: (input) => findings(input as ProfileInput<VpnConnection>),
    make: (input) => make(input as ProfileInput<VpnConnection>),
  }
}

function scriptFindings(input: ProfileInput, scope: Scope): readonly Finding[] {
  if (input.connection.kind !== 'vpn') return commonFindings(input)
  const vpn = input as ProfileInput<VpnConnection> // kind is vpn
  return [...vpnFindings(vpn), ...lostByScript(vpn.connection, scope)]
}

function profileXmlFindings(input: ProfileInput<VpnConnection>): readonly Finding[] {
  const { connection } = input
  return [...vpnFindings(input), ...lostByProfileXml(connection), ...deviceTunnelFindings(connection)]
}

function ownScope({ connection }: ProfileInput): Scope {
  return connection.kind === 'vpn' && connection.allUsers ? 'all-users' : 'person'
}

function hasSecret(input: ProfileInput): boolean {
  return input.certificate?.kind === 'pkcs12' || hasSharedKey(input)
}

function hasSharedKey({ connection }: ProfileInput): boolean {
  if (connection.kind !== 'vpn') return false
  return connection.tunnelTypes.some((type) => sharedKeyOf(connection, type) !== undefined)
}

function file(
  { connection }: ProfileInput,
  extension: string,
  content: string,
  holdsSecret: boolean,
  purpose = '',
): ProfileFile {
  const ending = purpose === '' ? extension : `${purpose}.${extension}`
  return {
    name: fileName(shownName(connection), ending),
    mediaType: 'text/plain; charset=utf-8',
    content,
    holdsSecret,
  }
}

function xmlFile(input: ProfileInput, root: XmlNode, purpose: string, holdsSecret = false): ProfileFile {
  return { ...file(input, 'xml', xmlDocument(root), holdsSecret, purpose), mediaType: 'application/xml' }
}

/** As it is, and as a command for MDM servers. */
function profileXmlFiles(
  input: ProfileInput<VpnConnection>,
  root: XmlNode,
  scope: 'User' | 'Device',
  name: string,
): readonly ProfileFile[] {
  const isSecret = scope === 'User' && hasSharedKey(input)
  const purpose = scope === 'User' ? 'profile' : 'device-tunnel'
  return [
    xmlFile(input, root, purpose, isSecret),
    xmlFile(input, syncMl(scope, name, root), `${purpose}.syncml`, isSecret),
  ]
}
