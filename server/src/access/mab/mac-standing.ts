import type { StoredMac } from '../../identity/mac/stored-mac.ts'
import { formatMac } from '../../kernel/mac-address.ts'
import type { MacFacts } from '../../policy/facts.ts'
import { type Reason, reason } from '../../reasons/index.ts'

/** What keeps a MAC address out that the MAC store knows; undefined: nothing does. */
export function macBarred(
  { mac, description, disabled, expiresAt }: StoredMac,
  now: number,
): Reason | undefined {
  const about = { mac: formatMac(mac), description: description === '' ? undefined : description }
  if (disabled) return reason('mac-disabled', about)
  if (expiresAt === undefined || expiresAt > now) return undefined
  return reason('mac-expired', { ...about, since: new Date(expiresAt).toISOString() })
}

export function macFacts({ mac, groups, description, owner, attributes }: StoredMac): MacFacts {
  return { address: mac, groups, description, owner, attributes }
}
