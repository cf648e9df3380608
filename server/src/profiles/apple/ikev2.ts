import { type Certificate, hasIssued } from '@sallyport/pki'
import type { VpnConnection } from '../../config/schema.ts'
import type { ProfileCertificate, ProfileInput } from '../profile-input.ts'
import { commonNameOf } from './common-name.ts'
import { onDemandRules } from './on-demand.ts'
import type { PlistDict } from './plist.ts'
import { suiteKeys } from './suites.ts'

/** The largest packet an IKEv2 payload may speak of. */
export const LARGEST_MTU = 1400

export interface Ikev2Choice {
  /** The gateway of this payload; its name stands in the gateway's certificate. */
  readonly address: string
  readonly identityUuid: string | undefined
  /** Only one connection of a device comes up by itself. */
  readonly onDemand: boolean
}

/** Dictionary `IKEv2`. The gateway proves itself by its certificate, the person by EAP inside. */
export function ikev2Keys(input: ProfileInput<VpnConnection>, choice: Ikev2Choice): PlistDict {
  const { connection, person } = input
  const { address, identityUuid, onDemand } = choice
  const rules = onDemand ? onDemandRules(connection) : undefined
  return {
    RemoteAddress: address,
    RemoteIdentifier: address,
    LocalIdentifier: person?.userName ?? '',
    // None with ExtendedAuthEnabled: EAP alone.
    AuthenticationMethod: 'None',
    ExtendedAuthEnabled: 1,
    ...(connection.authentication === 'eap-tls'
      ? {
          PayloadCertificateUUID: identityUuid,
          TLSMinimumVersion: '1.2',
        }
      : { AuthName: person?.userName }),
    ...serverIssuer(input),
    DeadPeerDetectionRate: 'Medium',
    ...suiteKeys(connection.cryptography),
    MTU: mtuOf(connection),
    ...routingKeys(connection),
    ...idleKeys(connection),
    ...(rules !== undefined && { OnDemandEnabled: 1, OnDemandRules: rules }),
  }
}

/** The common name of the CA below the gateway's anchors, where there is one of ours and it cannot be mistaken. */
export function serverIssuerName({ gatewayAnchors, intermediates }: ProfileInput): string | undefined {
  const below = intermediates.filter((one) => gatewayAnchors.some((anchor) => hasIssued(anchor, one)))
  const names = new Set(below.map(commonNameOf))
  const [name] = names
  return names.size === 1 ? name : undefined
}

/** How the key of the certificate is called; undefined for RSA, which is the default, and where it is not known. */
export function certificateType(certificate: ProfileCertificate | undefined): string | undefined {
  // HardwareBound keys are made on P-256 here.
  if (certificate?.kind === 'acme') return 'ECDSA256'
  return certificate?.kind === 'pkcs12' ? ecdsaType(certificate.certificate) : undefined
}

function ecdsaType({ publicKey }: Certificate): string | undefined {
  return CURVES[publicKey?.asymmetricKeyDetails?.namedCurve ?? '']
}

const CURVES: Readonly<Record<string, string>> = {
  prime256v1: 'ECDSA256',
  secp384r1: 'ECDSA384',
  secp521r1: 'ECDSA521',
}

/** CertificateType needs the name of the issuer beside it. */
function serverIssuer(input: ProfileInput<VpnConnection>): PlistDict {
  const name = serverIssuerName(input)
  if (name === undefined) return {}
  const type = input.connection.authentication === 'eap-tls' ? certificateType(input.certificate) : undefined
  return { ServerCertificateIssuerCommonName: name, CertificateType: type }
}

function mtuOf({ mtu }: VpnConnection): number | undefined {
  return mtu === undefined || mtu > LARGEST_MTU ? undefined : mtu
}

function routingKeys({ enforceRouting }: VpnConnection): PlistDict {
  switch (enforceRouting) {
    case 'none':
      return {}
    case 'routes':
      return { EnforceRoutes: 1 }
    case 'everything':
      return { IncludeAllNetworks: 1 }
  }
}

/** Shared with PPP, which has the same keys. */
export function idleKeys({ idleDisconnectMinutes }: VpnConnection): PlistDict {
  if (idleDisconnectMinutes === 0) return {}
  return { DisconnectOnIdle: 1, DisconnectOnIdleTimer: idleDisconnectMinutes * 60 }
}
