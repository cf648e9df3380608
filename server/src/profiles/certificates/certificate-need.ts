import type { ConnectionConfiguration } from '../../config/schema.ts'
import type { AuthenticationMethod } from '../../config/sections/connections/common.ts'

const BY_CERTIFICATE: readonly AuthenticationMethod[] = ['eap-tls', 'peap-eap-tls', 'ttls-eap-tls']

/** Whether people prove themselves by a certificate of their own; that of a machine is no person's to bring along. */
export function needsOwnCertificate(connection: ConnectionConfiguration): boolean {
  const isForMachine = connection.kind !== 'vpn' && connection.identity === 'machine'
  return BY_CERTIFICATE.includes(connection.authentication) && !isForMachine
}
