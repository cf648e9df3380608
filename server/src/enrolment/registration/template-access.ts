import type { CertificateTemplateConfiguration, EnrolmentProtocol } from '../../config/schema.ts'
import { nameKey } from '../../identity/user-name.ts'
import { type Reason, reason } from '../../reasons/index.ts'
import type { EnrolmentIdentity, Requester } from './requester.ts'
import { profileOf } from './template-profile.ts'

/** Why this requester may not enrol by this template; undefined: it may. */
export function accessFault(
  template: CertificateTemplateConfiguration,
  protocol: EnrolmentProtocol,
  requester: Requester,
  isRenewal = false,
): Reason | undefined {
  const { name } = template
  if (!template.protocols.includes(protocol)) {
    return reason('enrolment-protocol-not-allowed', {
      ...{ template: name, protocol, allowed: template.protocols },
    })
  }
  const bound = requester.boundTemplate
  if (bound !== undefined && bound.toLowerCase() !== name.toLowerCase()) {
    return reason('enrolment-template-conflict', { templates: [name, bound] })
  }
  return holderFault(template, requester) ?? permissionFault(template, requester, isRenewal)
}

/** A certificate of a computer is no person's, whatever groups the person is in. */
export function holderFault(
  template: CertificateTemplateConfiguration,
  {
    identity,
    deviceId,
  }: { readonly identity?: EnrolmentIdentity | undefined; readonly deviceId?: string | undefined },
): Reason | undefined {
  const { holder } = profileOf(template)
  const unfit = (wanted: string, found: string) =>
    reason('enrolment-holder-unfit', { template: template.name, wanted, found })
  switch (holder) {
    case 'person':
    case 'computer':
      if (template.names === 'proved' && identity === undefined) return undefined
      if (identity?.kind === holder) return undefined
      return unfit(`accounts of kind ${holder}`, foundText(identity))
    case 'device':
      if (deviceId !== undefined) return undefined
      return unfit('devices somebody vouched for', foundText(identity))
    case 'server':
      if (template.names !== 'account' || identity?.kind === 'computer') return undefined
      return unfit('accounts of kind computer', foundText(identity))
  }
}

function foundText(identity: EnrolmentIdentity | undefined): string {
  return identity === undefined ? 'no account' : `an account of kind ${identity.kind}`
}

/**
 * Whoever has an account must be in a group of the template, at each renewal again. Without one somebody else vouched:
 * an administrator, or whoever made the challenge or the ACME account, which are bound to their template. What an
 * administrator asks for is allowed by that.
 */
function permissionFault(
  template: CertificateTemplateConfiguration,
  { by, name: requester, identity, boundTemplate }: Requester,
  isRenewal: boolean,
): Reason | undefined {
  const { groups, sources } = template.enrol
  const denied = (why: { groups?: readonly string[]; source?: string }) =>
    reason('enrolment-not-permitted', { requester, template: template.name, ...why })
  if (identity === undefined) {
    const isVouched = by === 'administrator' || isRenewal || boundTemplate !== undefined
    return isVouched ? undefined : denied({})
  }
  if (sources.length > 0 && !sources.includes(identity.source)) return denied({ source: identity.source })
  if (by === 'administrator') return undefined
  const wanted = new Set(groups.map(nameKey))
  if (identity.groups.some((group) => wanted.has(nameKey(group)))) return undefined
  return denied(groups.length === 0 ? {} : { groups })
}
