import type { VpnConnection } from '../../config/schema.ts'
import type { ProfileInput } from '../profile-input.ts'
import type { Finding } from '../profile-output.ts'
import { unknownCiphers } from './suites.ts'

export type AppleTunnel = 'ikev2' | 'l2tp'

export interface TunnelChoice {
  /** The first of the connection's tunnels that these systems have; undefined where there is none. */
  readonly tunnel: AppleTunnel | undefined
  /** Why those before it were left out. */
  readonly skipped: readonly Omit<Finding, 'severity'>[]
}

export function chooseTunnel(input: ProfileInput<VpnConnection>): TunnelChoice {
  const skipped: Omit<Finding, 'severity'>[] = []
  for (const tunnel of input.connection.tunnelTypes) {
    if (tunnel === 'sstp' || tunnel === 'pptp') {
      skipped.push(NOT_ON_APPLE[tunnel])
      continue
    }
    const why = tunnel === 'ikev2' ? ikev2Obstacle(input.connection) : l2tpObstacle(input)
    if (why === undefined) return { tunnel, skipped }
    skipped.push(why)
  }
  return { tunnel: undefined, skipped }
}

const NOT_ON_APPLE = {
  sstp: {
    code: 'sstp-not-on-apple',
    message: 'Apple systems have no SSTP: offer ikev2.',
    setting: 'tunnelTypes',
  },
  pptp: {
    code: 'pptp-not-on-apple',
    message: 'Apple removed PPTP with iOS 10 and macOS 10.12: offer ikev2.',
    setting: 'tunnelTypes',
  },
} as const

function ikev2Obstacle({
  authentication,
  cryptography,
}: VpnConnection): Omit<Finding, 'severity'> | undefined {
  if (authentication !== 'eap-tls' && authentication !== 'eap-mschapv2') {
    return {
      code: 'method-not-in-apple-ikev2',
      message: `IKEv2 of Apple systems logs in by EAP-TLS and EAP-MSCHAPv2, not by ${authentication}.`,
      setting: 'authentication',
    }
  }
  const [cipher] = unknownCiphers(cryptography)
  if (cipher === undefined) return undefined
  return {
    code: 'cipher-not-on-apple',
    message: `IKEv2 of Apple systems has no ${cipher}: use aes128, aes256, aes128gcm or aes256gcm.`,
    setting: 'cryptography',
  }
}

function l2tpObstacle({
  connection,
  certificate,
}: ProfileInput<VpnConnection>): Omit<Finding, 'severity'> | undefined {
  const { authentication, l2tpMachineAuthentication, preSharedKey } = connection
  if (authentication !== 'mschapv2') {
    return {
      code: 'method-not-in-apple-l2tp',
      message: `L2TP of Apple systems logs in by mschapv2 without EAP, not by ${authentication}.`,
      setting: 'authentication',
    }
  }
  if (l2tpMachineAuthentication === 'psk') {
    return preSharedKey === undefined
      ? { code: 'pre-shared-key-missing', message: 'There is no shared key.', setting: 'preSharedKey' }
      : undefined
  }
  const comesAlong = certificate !== undefined && certificate.kind !== 'installed'
  return comesAlong
    ? undefined
    : {
        code: 'l2tp-certificate-missing',
        message: 'L2TP by certificate needs the certificate inside the profile; or use a shared key (psk).',
        setting: 'l2tpMachineAuthentication',
      }
}
