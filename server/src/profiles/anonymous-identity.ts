import type { ConnectionConfiguration } from '../config/schema.ts'
import type { ProfilePerson } from './profile-input.ts'

/** The name outside the tunnel of PEAP and EAP-TTLS, with the realm that leads to the server (RFC 7542 section 2.4). */
export function anonymousIdentity(
  { anonymousIdentity, authentication }: ConnectionConfiguration,
  person: ProfilePerson | undefined,
): string | undefined {
  if (!anonymousIdentity || !/^(peap|ttls)-/.test(authentication)) return undefined
  const realm = /^[^@]*@([^@]+)$/.exec(person?.userName ?? '')?.[1]
  return realm === undefined ? 'anonymous' : `anonymous@${realm}`
}
