import { fileName } from '../file-name.ts'
import type { ProfileInput } from '../profile-input.ts'
import type { ProfileFile } from '../profile-output.ts'
import { stableUuid } from '../stable-uuid.ts'
import { type PlistDict, plistDocument } from './plist.ts'

/** What a device takes for a configuration profile, signed or not. */
export const MOBILECONFIG_TYPE = 'application/x-apple-aspen-config'

/** One payload: what it is called inside the profile, and its own keys. */
export interface Payload {
  readonly type: string
  /** Its place in the profile: another one has another identifier. */
  readonly place: string
  readonly uuid: string
  readonly title: string
  readonly keys: PlistDict
}

/** The UUID of a part of this connection's profile; the same whenever it is made again. */
export function payloadUuid({ organization, connection }: ProfileInput, ...parts: readonly string[]): string {
  return stableUuid('apple', organization.identifier, connection.kind, connection.name, ...parts)
}

/** The profile around its payloads. One with the same identifier replaces the former. */
export function mobileConfig(
  input: ProfileInput,
  scope: 'System' | 'User',
  payloads: readonly Payload[],
): ProfileFile {
  const { organization, connection } = input
  const identifier = profileIdentifier(input)
  const title = titleOf(input)
  const content = plistDocument({
    PayloadType: 'Configuration',
    PayloadVersion: 1,
    PayloadIdentifier: identifier,
    PayloadUUID: payloadUuid(input, 'profile'),
    PayloadDisplayName: title,
    PayloadDescription: helpDesk(input),
    PayloadOrganization: organization.name,
    PayloadScope: scope,
    PayloadContent: payloads.map((payload) => ({
      PayloadType: payload.type,
      PayloadVersion: 1,
      PayloadIdentifier: `${identifier}.${payload.place}`,
      PayloadUUID: payload.uuid,
      PayloadDisplayName: payload.title,
      ...payload.keys,
    })),
  })
  return {
    name: fileName(connection.name, 'mobileconfig'),
    mediaType: MOBILECONFIG_TYPE,
    content,
    holdsSecret: payloads.some(({ type, keys }) => SECRET_TYPES.has(type) || holdsSharedSecret(keys)),
  }
}

/** What people see the connection as. */
export function titleOf({ connection }: ProfileInput): string {
  return connection.title ?? connection.name
}

/** Reverse DNS, as Apple's own are; the name of the connection may be any text, so it is hashed. */
function profileIdentifier(input: ProfileInput): string {
  const reversed = input.organization.identifier.split('.').reverse().join('.')
  return `${reversed}.sallyport.${payloadUuid(input, 'identifier')}`
}

/** Without words of a language. */
function helpDesk({ organization: { helpDesk } }: ProfileInput): string | undefined {
  const parts = [helpDesk.name, helpDesk.phone, helpDesk.email, helpDesk.url].filter(
    (part) => part !== undefined,
  )
  return parts.length === 0 ? undefined : parts.join(', ')
}

/** A challenge, a container with a key under its password, and what an ACME server takes for a proof. */
const SECRET_TYPES: ReadonlySet<string> = new Set([
  'com.apple.security.scep',
  'com.apple.security.pkcs12',
  'com.apple.security.acme',
])

function holdsSharedSecret(keys: PlistDict): boolean {
  const { IPSec } = keys
  return typeof IPSec === 'object' && 'SharedSecret' in IPSec
}
