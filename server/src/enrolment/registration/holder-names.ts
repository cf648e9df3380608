import { type DistinguishedName, distinguishedName, type GeneralName } from '@sallyport/pki'
import type { CertificateTemplateConfiguration } from '../../config/schema.ts'
import type { TemplateName } from '../../config/sections/certificate-templates.ts'
import { type Reason, reason } from '../../reasons/index.ts'
import { deviceUri, holderUri } from '../certificate-holder.ts'
import { isAllowedName, nameInText } from './allowed-names.ts'
import type { EnrolmentIdentity, Requester } from './requester.ts'
import { isForClients, type TemplateProfile } from './template-profile.ts'

/** What a certificate says of its holder. */
export interface HolderNames {
  readonly subject: DistinguishedName
  readonly san: readonly GeneralName[]
  /** For the SID extension. */
  readonly sid?: string
}

export type NamesOutcome =
  | ({ readonly ok: true } & HolderNames)
  | { readonly ok: false; readonly reason: Reason }

/** Upper bound of a common name (RFC 5280 appendix A.1). */
const LONGEST_COMMON_NAME = 64

/**
 * Builds the names from the account and what was proved; of the request nothing is used here.
 *
 * @param given names that were proved, approved or stand in the certificate that is renewed; of templates with
 *   `names: account` there are none
 */
export function holderNames(
  template: CertificateTemplateConfiguration,
  profile: TemplateProfile,
  requester: Requester,
  given: readonly GeneralName[],
): NamesOutcome {
  const { identity, deviceId } = requester
  const foreign = given.find((name) => !isAllowedName(name, template.allowedNames))
  if (foreign !== undefined) {
    const name = nameInText(foreign)
    return { ok: false, reason: reason('enrolment-name-not-allowed', { template: template.name, name }) }
  }
  const san = unique([...given, ...accountNames(template, profile, identity, deviceId)])
  if (!san.some(isTelling)) {
    const holder = identity?.name ?? requester.name
    const wanted = profile.subjectAltNames
    return {
      ok: false,
      reason: reason('enrolment-names-missing', { template: template.name, holder, wanted }),
    }
  }
  const sid = template.sidExtension ? identity?.sid : undefined
  return { ok: true, subject: subjectOf(profile, requester, san), san, ...(sid !== undefined && { sid }) }
}

/** An account URI alone tells whom a certificate belongs to only here. */
function isTelling(name: GeneralName): boolean {
  return name.kind !== 'uri' || !name.uri.startsWith('urn:sallyport:user:')
}

function accountNames(
  { names }: CertificateTemplateConfiguration,
  profile: TemplateProfile,
  identity: EnrolmentIdentity | undefined,
  deviceId: string | undefined,
): GeneralName[] {
  const wanted = new Set(profile.subjectAltNames)
  // A login compares it: without it the certificate would outlive its account and serve the next of that name.
  if (isForClients(profile)) wanted.add('account-uri')
  // Where the names come from elsewhere, the account only says whose it is.
  const sources = names === 'account' ? [...wanted] : [...wanted].filter((name) => name.endsWith('-uri'))
  return sources.flatMap((name) => NAMES[name](identity, deviceId) ?? [])
}

const NAMES: Readonly<
  Record<
    TemplateName,
    (identity: EnrolmentIdentity | undefined, deviceId: string | undefined) => GeneralName | undefined
  >
> = {
  upn: (identity) =>
    identity?.kind === 'person' ? { kind: 'upn', name: principalNameOf(identity) } : undefined,
  email: (identity) =>
    // A mailbox with letters beyond ASCII has no place in rfc822Name (RFC 5280 section 4.2.1.6).
    identity?.email !== undefined && /^[!-~]+@[!-~]+$/.test(identity.email)
      ? { kind: 'email', address: identity.email }
      : undefined,
  dns: (identity) =>
    identity?.dnsName !== undefined && isHostName(identity.dnsName)
      ? { kind: 'dns', name: identity.dnsName }
      : undefined,
  // KB5014754: what ties a certificate to its account where it cannot have the extension.
  'sid-uri': (identity) =>
    identity?.sid === undefined
      ? undefined
      : { kind: 'uri', uri: `tag:microsoft.com,2022-09-14:sid:${identity.sid}` },
  'account-uri': (identity) =>
    identity === undefined ? undefined : { kind: 'uri', uri: holderUri(identity.id) },
  'device-uri': (_, deviceId) =>
    deviceId === undefined ? undefined : { kind: 'uri', uri: deviceUri(deviceId) },
}

/** The name that leads back to the account: what the directory says, else with the realm that does. */
export function principalNameOf({ upn, name, realm }: EnrolmentIdentity): string {
  return upn ?? (realm === undefined ? name : `${name}@${realm}`)
}

function isHostName(name: string): boolean {
  return (
    name.length <= 253 &&
    /^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(name)
  )
}

/** One common name; where it would be empty or too long, none: the subjectAltName then is critical. */
function subjectOf(
  profile: TemplateProfile,
  { identity, deviceId }: Requester,
  san: readonly GeneralName[],
): DistinguishedName {
  const dns = san.flatMap((name) => (name.kind === 'dns' ? [name.name] : []))[0]
  const text = {
    name: identity?.name,
    upn: identity && principalNameOf(identity),
    'display-name': identity?.displayName,
    email: identity?.email,
    dns,
    'device-id': deviceId,
  }[profile.commonName]
  const chosen = [text, dns, identity?.name, deviceId].find(
    (candidate) =>
      candidate !== undefined && candidate.trim() !== '' && candidate.length <= LONGEST_COMMON_NAME,
  )
  return chosen === undefined ? distinguishedName() : distinguishedName(['CN', chosen])
}

function unique(names: readonly GeneralName[]): GeneralName[] {
  return [...new Map(names.map((name) => [nameInText(name), name])).values()]
}

/** All names an account could be called by, whatever template: a request may repeat them. */
export function ownNames(
  { identity, deviceId, provedNames = [] }: Requester,
  more: readonly GeneralName[],
): ReadonlySet<string> {
  const own = Object.values(NAMES).flatMap((make) => make(identity, deviceId) ?? [])
  return new Set([...own, ...provedNames, ...more].map((name) => nameInText(name).toLowerCase()))
}
