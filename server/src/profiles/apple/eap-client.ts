import type { AuthenticationMethod, WifiConnection, WiredConnection } from '../../config/schema.ts'
import { anonymousIdentity } from '../anonymous-identity.ts'
import type { ProfileInput } from '../profile-input.ts'
import { authorityUuid } from './certificate-payloads.ts'
import type { PlistDict } from './plist.ts'

interface Method {
  /** EAP type number. */
  readonly type: number
  readonly inner?: 'PAP' | 'MSCHAPv2'
}

/** What EAPClientConfiguration can do; the others are missing. PEAP and EAP-TTLS have no EAP-TLS inside there. */
export const EAP_METHODS: Readonly<Partial<Record<AuthenticationMethod, Method>>> = {
  'eap-tls': { type: 13 },
  'ttls-mschapv2': { type: 21, inner: 'MSCHAPv2' },
  'ttls-pap': { type: 21, inner: 'PAP' },
  'peap-mschapv2': { type: 25 },
}

/** Dictionary `EAPClientConfiguration`, with its anchors as UUIDs of other payloads. */
export function eapClientKeys(
  input: ProfileInput<WifiConnection | WiredConnection>,
  method: Method,
): PlistDict {
  const { connection, person, radiusServer } = input
  const isTls = connection.authentication === 'eap-tls'
  const isMachine = connection.identity === 'machine'
  return {
    AcceptEAPTypes: [method.type],
    TTLSInnerAuthentication: method.inner,
    UserName: isMachine ? undefined : person?.userName,
    ...(!isTls && {
      OuterIdentity: anonymousIdentity(connection, person),
      ...(connection.identity !== 'user' && { SystemModeCredentialsSource: 'ActiveDirectory' }),
      ...(!connection.rememberCredentials && { OneTimeUserPassword: true }),
    }),
    PayloadCertificateAnchorUUID: radiusServer.anchors.map((anchor) => authorityUuid(input, anchor)),
    TLSTrustedServerNames: radiusServer.names,
    TLSAllowTrustExceptions: false,
    TLSMinimumVersion: '1.2',
  }
}
