import type { Certificate } from '@sallyport/pki'
import type { AuthenticationMethod } from '../../config/sections/connections/common.ts'
import { anonymousIdentity } from '../anonymous-identity.ts'
import type { ProfileInput } from '../profile-input.ts'

/** What the EAP XML of Windows says, whatever the connection is for. */
export interface EapSettings {
  readonly method: Exclude<AuthenticationMethod, 'mschapv2'>
  /** Of the RADIUS server; never empty. */
  readonly serverNames: readonly string[]
  /** Roots of the RADIUS server, never empty: with none Windows trusts any root of the machine. */
  readonly roots: readonly Certificate[]
  /** CAs whose certificates count as the person's own; none: any CA that is trusted. */
  readonly clientIssuers: readonly Certificate[]
  /** Name and password of the sign-in to Windows, for methods with a password. */
  readonly useLogonCredentials: boolean
  /** Who the outer identity says it is; undefined: the name. */
  readonly anonymousIdentity: { readonly peap: string; readonly ttls: string } | undefined
}

/** Undefined where the connection has no EAP: plain MS-CHAPv2. */
export function eapSettings(input: ProfileInput): EapSettings | undefined {
  const { connection, radiusServer, certificate, intermediates, person } = input
  const anonymous = anonymousIdentity(connection, person)
  if (connection.authentication === 'mschapv2') return undefined
  return {
    method: connection.authentication,
    serverNames: radiusServer.names,
    roots: radiusServer.anchors,
    // One that is there already may come from a CA this server only trusts: a filter would hide it (error 798).
    clientIssuers: certificate === undefined || certificate.kind === 'installed' ? [] : intermediates,
    useLogonCredentials: connection.kind === 'vpn' ? connection.useLogonCredentials : connection.singleSignOn,
    // PEAP puts the realm behind it by itself; EAP-TTLS sends it as it is.
    anonymousIdentity: anonymous === undefined ? undefined : { peap: 'anonymous', ttls: anonymous },
  }
}

/** A certificate proves who it is. */
export function asksForCertificate(method: AuthenticationMethod): boolean {
  return method === 'eap-tls' || method === 'peap-eap-tls' || method === 'ttls-eap-tls'
}
