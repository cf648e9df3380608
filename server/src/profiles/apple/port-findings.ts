import type { WifiConnection, WiredConnection } from '../../config/schema.ts'
import type { ProfileInput } from '../profile-input.ts'
import type { Finding } from '../profile-output.ts'
import { EAP_METHODS } from './eap-client.ts'

export function portFindings(input: ProfileInput<WifiConnection | WiredConnection>): readonly Finding[] {
  const { connection } = input
  const { authentication, identity } = connection
  if (EAP_METHODS[authentication] === undefined) {
    return [
      {
        severity: 'obstacle',
        code: 'method-not-in-apple-8021x',
        message: `802.1X of Apple systems has eap-tls, peap-mschapv2, ttls-mschapv2 and ttls-pap, not ${authentication}.`,
        setting: 'authentication',
      },
    ]
  }
  return [
    ...certificateFindings(input),
    ...identityFindings(connection, identity),
    ...wifiFindings(connection),
  ]
}

function certificateFindings({
  connection,
  certificate,
}: ProfileInput<WifiConnection | WiredConnection>): Finding[] {
  const isInside = certificate !== undefined && certificate.kind !== 'installed'
  if (connection.authentication !== 'eap-tls' || isInside) return []
  if (connection.identity === 'user') {
    return [
      warning(
        'certificate-chosen-by-hand',
        'The certificate is not in the profile: people choose it when they join.',
        'authentication',
      ),
    ]
  }
  return [
    {
      severity: certificate === undefined ? 'warning' : 'obstacle',
      code: 'certificate-not-inside',
      message:
        'Before anybody signs in nobody can choose a certificate: it must come inside the profile. Where an MDM makes it, add its payload to the unsigned profile.',
      setting: 'identity',
    },
  ]
}

function identityFindings(
  connection: WifiConnection | WiredConnection,
  identity: 'user' | 'machine' | 'both',
): Finding[] {
  const findings: Finding[] = []
  if (identity !== 'user') {
    findings.push(
      warning(
        'machine-on-macos-alone',
        'Machines log in on macOS alone; iOS takes it for a user.',
        'identity',
      ),
    )
    if (connection.authentication !== 'eap-tls') {
      findings.push(
        warning(
          'machine-password-of-ad',
          'A Mac logs in with the password of its computer account: it must be bound to Active Directory.',
          'identity',
        ),
      )
    }
  }
  if (connection.kind === 'wired') {
    findings.push(warning('wired-needs-ios-17', 'iPhones and iPads take it since iOS 17.', 'kind'))
  }
  return findings
}

function wifiFindings(connection: WifiConnection | WiredConnection): Finding[] {
  if (connection.kind !== 'wifi' || connection.security !== 'wpa3-192') return []
  return [
    warning(
      'wpa3-192-by-the-network',
      'The profile asks for WPA3: the 192-bit mode comes from the access point, and from a certificate with P-384 or RSA-3072.',
      'security',
    ),
  ]
}

function warning(code: string, message: string, setting: string): Finding {
  return { severity: 'warning', code, message, setting }
}
