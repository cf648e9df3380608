import type { AuthenticationMethod, TunnelType, VpnConnection } from '../../../config/schema.ts'
import type { ProfileInput } from '../../profile-input.ts'
import type { Finding } from '../../profile-output.ts'
import type { GuidePart, Section, Step } from '../guide.ts'
import { tunnelFindings, type VpnAbilities } from '../parts/abilities.ts'
import { waySections } from '../parts/ways.ts'
import { certificateSections } from './windows-certificates.ts'
import { windowsErrors, worksSection } from './windows-works.ts'

const PASSWORDS_AND_CERTIFICATES: readonly AuthenticationMethod[] = [
  'eap-tls',
  'peap-eap-tls',
  'peap-mschapv2',
  'eap-mschapv2',
]
const WITH_TTLS: readonly AuthenticationMethod[] = [
  ...PASSWORDS_AND_CERTIFICATES,
  'ttls-eap-tls',
  'ttls-mschapv2',
  'ttls-pap',
]

/** Windows 7 has no EAP-TTLS, which came with Windows 8. */
export const ABILITIES_7 = abilities(PASSWORDS_AND_CERTIFICATES)
export const ABILITIES = abilities(WITH_TTLS)

function abilities(eap: readonly AuthenticationMethod[]): VpnAbilities {
  const ppp: readonly AuthenticationMethod[] = [...eap, 'mschapv2']
  return { tunnels: { ikev2: eap, sstp: ppp, l2tp: ppp, pptp: ppp }, l2tpMachine: ['psk', 'certificate'] }
}

/** What differs between the versions of Windows. */
export interface WindowsVpn {
  readonly name: string
  readonly abilities: VpnAbilities
  /** The wizard of certificates asks for whom they are (Windows 8 and later). */
  readonly asksForPlace: boolean
  readonly create: (input: ProfileInput<VpnConnection>, tunnel: TunnelType) => readonly Step[]
  readonly connect: (input: ProfileInput<VpnConnection>) => Section
  readonly findings?: (input: ProfileInput<VpnConnection>) => readonly Finding[]
}

export function windowsVpn(version: WindowsVpn): GuidePart<VpnConnection> {
  return {
    abilities: version.abilities,
    findings: (input) => [
      ...tunnelFindings(version.name, input, version.abilities),
      ...(version.findings?.(input) ?? []),
    ],
    sections: (input) => {
      const ways = input.connection.tunnelTypes
      return [
        ...certificateSections(input, version.asksForPlace),
        ...waySections(ways, (tunnel) => version.create(input, tunnel)),
        version.connect(input),
        worksSection(input),
        windowsErrors(input.connection, ways),
      ]
    },
  }
}
