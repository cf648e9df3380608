import type { VpnConnection } from '../../config/schema.ts'
import { BugError } from '../../kernel/errors.ts'
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
  { l2tpMachineAuthentication, preSharedKey }: VpnConnection,
  identityUuid: string | undefined,
): PlistDict {
  if (l2tpMachineAuthentication === 'certificate')
    return { AuthenticationMethod: 'Certificate', PayloadCertificateUUID: identityUuid }
  if (preSharedKey === undefined) throw new BugError('apple-shared-key', 'made in spite of an obstacle')
  return { AuthenticationMethod: 'SharedSecret', SharedSecret: Buffer.from(preSharedKey) }
}
