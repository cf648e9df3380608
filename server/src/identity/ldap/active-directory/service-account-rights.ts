import type { LdapSourceConfiguration } from '../../../config/schema.ts'
import { type Clock, systemClock } from '../../../kernel/clock.ts'
import type { DirectoryEntry, DirectorySearch, DirectoryUnavailable } from '../directory.ts'
import { filter } from '../filter.ts'
import { type Domain, DomainKnowledge } from './domain.ts'
import { integer } from './file-time.ts'
import { excessOfServiceAccount } from './service-account-excess.ts'
import { unanswered } from './unanswered.ts'

/** One thing the service account must be able to read, or should not be able to do. */
export interface RightsStep {
  /** `failed`: logins cannot be decided; `warning`: something is not noticed, or more is allowed than needed. */
  readonly outcome: 'ok' | 'warning' | 'failed' | 'skipped'
  readonly what: string
  readonly detail: string
  readonly cure?: string
}

export type RightsSettings = Pick<
  LdapSourceConfiguration,
  'baseDn' | 'domain' | 'netbiosName' | 'bindDn' | 'certificateMapping' | 'accountRules'
>

/** Relative identifier of Guest: the one ordinary account that every domain has. */
const GUEST = 501

/** Every account has these, whatever befell it: absent means "may not be read". */
const NEEDED: readonly [attribute: string, without: string, outcome: 'failed' | 'warning'][] = [
  ['objectSid', 'no account can be told from another', 'failed'],
  ['userAccountControl', 'nobody can say whether an account is disabled', 'failed'],
  ['accountExpires', 'expired accounts are not noticed at logins by certificate', 'failed'],
  ['pwdLastSet', 'sessions are not ended when a password changes', 'warning'],
  [
    'msDS-User-Account-Control-Computed',
    'locked accounts are noticed at their next password alone',
    'warning',
  ],
  [
    'badPwdCount',
    'the lock-out shield does not know how many wrong passwords an account has left',
    'warning',
  ],
  ['primaryGroupID', 'the primary group is missing where groups.nested is false', 'warning'],
]

const READ_RIGHTS =
  'Make the service account a member of "RAS and IAS Servers" (account restrictions, logon and remote access information) and of "Windows Authorization Access Group" (token groups), or of "Pre-Windows 2000 Compatible Access"; then restart its sessions by applying the configuration again.'

/**
 * Whether the service account of an Active Directory source may read what logins need, and no more than that. Reads alone; what
 * cannot be told apart from "nobody has it" is said so.
 */
export async function checkServiceAccountRights(
  directory: DirectorySearch,
  settings: RightsSettings,
  clock: Clock = systemClock,
): Promise<readonly RightsStep[]> {
  const { baseDn, domain: dnsName, netbiosName } = settings
  const domain = await new DomainKnowledge({
    clock,
    baseDn,
    ...(dnsName !== undefined && { dnsName }),
    ...(netbiosName !== undefined && { netbiosName }),
  }).domain(directory)
  if ('kind' in domain) return [failed('domain', domain.why)]
  const sample = await sampleOf(directory, domain)
  if ('why' in sample) return [domainStep(domain), failed('an ordinary account', sample.why)]
  return [
    domainStep(domain),
    ...NEEDED.map((needed) => attributeStep(sample, needed)),
    await tokenGroupsStep(directory, sample),
    ...(await optionalSteps(directory, settings)),
    await passwordSettingsStep(directory, domain),
    ...(await excessOfServiceAccount(directory, settings, domain, sample, clock)),
  ]
}

function domainStep({ root, netbiosName, passwords }: Domain): RightsStep {
  const what = 'settings of the domain'
  const { lockoutThreshold } = passwords
  if (lockoutThreshold === undefined) {
    const detail = `lockoutThreshold of ${root} may not be read: the lock-out shield has no budget to keep to`
    return {
      outcome: 'warning',
      what,
      detail,
      cure: `Grant "Read all properties" on ${root} (this object only).`,
    }
  }
  const locks =
    lockoutThreshold === 0 ? 'never locks accounts' : `locks after ${lockoutThreshold} wrong passwords`
  const known = netbiosName === undefined ? ', its NetBIOS name is not known: set netbiosName' : ''
  return { outcome: known === '' ? 'ok' : 'warning', what, detail: `${root} ${locks}${known}` }
}

async function sampleOf(
  directory: DirectorySearch,
  { root, sid }: Domain,
): Promise<DirectoryEntry | DirectoryUnavailable> {
  const guest = sid === undefined ? '(sAMAccountName=Guest)' : filter`(objectSid=${`${sid}-${GUEST}`})`
  const answer = await directory.search({
    base: root,
    scope: 'sub',
    filter: guest,
    attributes: [...NEEDED.map(([attribute]) => attribute), 'allowedAttributesEffective'],
    limit: 2,
  })
  if (answer.kind !== 'entries') return unanswered(answer, 'the account Guest')
  const [entry] = answer.entries
  return (
    entry ?? {
      kind: 'unavailable',
      why: `no account below ${root} can be seen: the service account may not list it`,
    }
  )
}

function attributeStep(
  sample: DirectoryEntry,
  [attribute, without, outcome]: (typeof NEEDED)[number],
): RightsStep {
  if (sample.octets(attribute).length > 0) return { outcome: 'ok', what: attribute, detail: 'may be read' }
  return { outcome, what: attribute, detail: `may not be read: ${without}`, cure: READ_RIGHTS }
}

async function tokenGroupsStep(directory: DirectorySearch, { dn }: DirectoryEntry): Promise<RightsStep> {
  const what = 'tokenGroups'
  const query = { base: dn, scope: 'base', filter: '(objectClass=*)', attributes: [what], limit: 1 } as const
  const answer = await directory.search(query)
  if (answer.kind !== 'entries') return failed(what, unanswered(answer, what).why)
  const groups = answer.entries[0]?.octets(what).length ?? 0
  if (groups > 0) return { outcome: 'ok', what, detail: `may be read: ${groups} groups of ${dn}` }
  return {
    outcome: 'failed',
    what,
    detail: 'may not be read: no group of anybody is known',
    cure: READ_RIGHTS,
  }
}

/** Most accounts lack these: whether one can be found that has it tells something, that none can tells nothing. */
async function optionalSteps(
  directory: DirectorySearch,
  { baseDn, accountRules, certificateMapping }: RightsSettings,
): Promise<readonly RightsStep[]> {
  const wanted: [attribute: string, without: string, isUsed: boolean][] = [
    ['lockoutTime', 'when a lock-out ends is not told', true],
    ['logonHours', 'logon hours are not kept at logins by certificate', true],
    ['msNPAllowDialin', '"Deny access" on the Dial-in tab is not noticed', accountRules.dialIn === 'honour'],
    ['altSecurityIdentities', 'certificates without a SID are refused', certificateMapping === 'strong'],
  ]
  const steps: RightsStep[] = []
  for (const [attribute, without, isUsed] of wanted) {
    if (!isUsed) continue
    const answer = await directory.search({
      base: baseDn,
      scope: 'sub',
      filter: `(&(objectCategory=person)(${attribute}=*))`,
      attributes: [attribute],
      limit: 1,
    })
    // One account with a value that can be seen is enough, and so are too many.
    const isSeen = answer.kind === 'too-many' || (answer.kind === 'entries' && answer.entries.length > 0)
    steps.push(
      isSeen
        ? { outcome: 'ok', what: attribute, detail: 'may be read' }
        : {
            outcome: 'skipped',
            what: attribute,
            detail: `no account below ${baseDn} has it, or it may not be read (then ${without})`,
          },
    )
  }
  return steps
}

/** By default only domain administrators may read these. */
async function passwordSettingsStep(directory: DirectorySearch, { root }: Domain): Promise<RightsStep> {
  const what = 'password settings objects'
  const container = `CN=Password Settings Container,CN=System,${root}`
  const answer = await directory.search({
    base: container,
    scope: 'one',
    filter: '(objectClass=*)',
    attributes: ['msDS-LockoutThreshold'],
    limit: 200,
  })
  const entries = answer.kind === 'entries' ? answer.entries : []
  const readable = entries.filter(
    (entry) => integer(entry.text('msDS-LockoutThreshold')) !== undefined,
  ).length
  if (readable > 0) return { outcome: 'ok', what, detail: `${readable} may be read` }
  return {
    outcome: 'skipped',
    what,
    detail:
      'none can be seen: there are none, or they may not be read; then the lock-out shield takes its own settings for accounts that have one',
    cure: `If accounts have password settings objects: dsacls "${container}" /I:T /G "DOMAIN\\ACCOUNT:GR", and the same right on msDS-ResultantPSO of users.`,
  }
}

function failed(what: string, detail: string): RightsStep {
  return { outcome: 'failed', what, detail, cure: READ_RIGHTS }
}
