import type { VpnConnection } from '../../config/schema.ts'
import type { ProfileInput } from '../profile-input.ts'
import { idleKeys } from './ikev2.ts'
import type { PlistDict } from './plist.ts'

/** Dictionaries `PPP` and `IPSec` of an L2TP payload. The password is asked for, and checked by MS-CHAPv2. */
export function l2tpKeys(
  { connection, person }: ProfileInput<VpnConnection>,
  address: string,
  identityUuid: string | undefined,
): PlistDict {
  return {
    PPP: { CommRemoteAddress: address, AuthName: person?.userName, ...idleKeys(connection) },
    IPSec: machineKeys(connection, identityUuid),
  }
}

function machineKeys(
  { l2tpMachineAuthentication, preSharedKey = '' }: VpnConnection,
  identityUuid: string | undefined,
): PlistDict {
  return l2tpMachineAuthentication === 'psk'
    ? { AuthenticationMethod: 'SharedSecret', SharedSecret: Buffer.from(preSharedKey) }
    : { AuthenticationMethod: 'Certificate', PayloadCertificateUUID: identityUuid }
}
