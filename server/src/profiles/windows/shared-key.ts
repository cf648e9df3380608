import type { TunnelType, VpnConnection } from '../../config/schema.ts'
import { BugError } from '../../kernel/errors.ts'

/** The key below L2TP; undefined where there is none for this type. @throws BugError for a blank one, which would open the gateway */
export function sharedKeyOf(connection: VpnConnection, type: TunnelType): string | undefined {
  if (type !== 'l2tp' || connection.l2tpMachineAuthentication !== 'psk') return undefined
  const { preSharedKey } = connection
  if (preSharedKey === undefined) throw new BugError('windows-shared-key', 'made in spite of an obstacle')
  return preSharedKey
}
