import type { VpnConnection, WifiConnection, WiredConnection } from '../../config/schema.ts'
import { BugError } from '../../kernel/errors.ts'
import type { ProfileInput } from '../profile-input.ts'
import type { Finding, ProfileOutput } from '../profile-output.ts'
import { authorityPayloads, identityPayload } from './certificate-payloads.ts'
import { EAP_METHODS, eapClientKeys } from './eap-client.ts'
import { mobileConfig, type Payload } from './mobileconfig.ts'
import { portFindings } from './port-findings.ts'
import { wifiPayload, wiredPayloads } from './port-payloads.ts'
import { chooseTunnel } from './tunnel-choice.ts'
import { vpnFindings } from './vpn-findings.ts'
import { vpnPayloads } from './vpn-payloads.ts'

type PortInput = ProfileInput<WifiConnection | WiredConnection>

/** A configuration profile for macOS, iOS and iPadOS. Unsigned: main signs what it hands out. */
export const appleMobileconfig: ProfileOutput = {
  id: 'apple-mobileconfig',
  title: 'Configuration profile for Mac, iPhone and iPad',
  system: 'apple',
  kinds: ['vpn', 'wifi', 'wired'],
  certificates: ['scep', 'acme', 'pkcs12'],
  // A container is asked for its password at installation.
  pkcs12: { form: 'legacy', password: 'typed' },
  findings: (input) => [...kindFindings(input), ...certificateFindings(input)],
  make: (input) => {
    const identity = usesCertificate(input) ? identityPayload(input) : undefined
    const payloads = [
      ...authorityPayloads(input),
      ...(identity === undefined ? [] : [identity]),
      ...connectionPayloads(input, identity?.uuid),
    ]
    return [mobileConfig(input, scopeOf(input), payloads)]
  },
}

function kindFindings(input: ProfileInput): readonly Finding[] {
  return isVpn(input) ? vpnFindings(input) : portFindings(input as PortInput) // kinds has no other
}

function certificateFindings({ certificate }: ProfileInput): readonly Finding[] {
  if (certificate?.kind !== 'pkcs12' || certificate.form === 'legacy') return []
  return [
    {
      severity: 'warning',
      code: 'pkcs12-modern',
      message:
        'Systems before macOS 15 and iOS 18 may not open this PKCS #12 container: take the legacy form.',
    },
  ]
}

function connectionPayloads(input: ProfileInput, identityUuid: string | undefined): readonly Payload[] {
  if (isVpn(input)) {
    const { tunnel } = chooseTunnel(input)
    if (tunnel === undefined) throw new BugError('apple-tunnel', 'made in spite of an obstacle')
    return vpnPayloads(input, tunnel, identityUuid)
  }
  const eap = eapKeys(input as PortInput) // kinds has no other
  return isWifi(input)
    ? [wifiPayload(input, eap, identityUuid)]
    : wiredPayloads(input as ProfileInput<WiredConnection>, eap, identityUuid) // as above
}

function eapKeys(input: PortInput) {
  const method = EAP_METHODS[input.connection.authentication]
  if (method === undefined) throw new BugError('apple-eap-method', 'made in spite of an obstacle')
  return eapClientKeys(input, method)
}

/** One beside a password would be a second factor, which nobody asked for. */
function usesCertificate(input: ProfileInput): boolean {
  if (input.connection.authentication === 'eap-tls') return true
  return (
    isVpn(input) &&
    chooseTunnel(input).tunnel === 'l2tp' &&
    input.connection.l2tpMachineAuthentication === 'certificate'
  )
}

/** macOS: for every user of the machine, or for the one who installs it. */
function scopeOf({ connection }: ProfileInput): 'System' | 'User' {
  const isOfMachine = connection.kind === 'vpn' ? connection.allUsers : connection.identity !== 'user'
  return isOfMachine ? 'System' : 'User'
}

const isVpn = (input: ProfileInput): input is ProfileInput<VpnConnection> => input.connection.kind === 'vpn'
const isWifi = (input: ProfileInput): input is ProfileInput<WifiConnection> =>
  input.connection.kind === 'wifi'
