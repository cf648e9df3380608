import type { LdapSourceConfiguration } from '../../../config/schema.ts'
import type { Clock } from '../../../kernel/clock.ts'
import type { IdentifiedUser } from '../../source.ts'
import type { AccountLookup, DirectoryAccount, FoundAccount, LookupManner } from '../account-lookup.ts'
import type { DirectoryEntry, DirectorySearch, DirectoryUnavailable } from '../directory.ts'
import { filter, octetsInFilter } from '../filter.ts'
import { isInGroup } from '../generic/group-restriction.ts'
import { mappedAttributes } from '../mapped-attributes.ts'
import { isSameName } from '../same-name.ts'
import { ACCOUNT_ATTRIBUTES, ACCOUNT_CONTROL, type AccountEntry, readAccountEntry } from './account-entry.ts'
import { accountStanding } from './account-standing.ts'
import type { Domain, DomainKnowledge } from './domain.ts'
import type { DirectoryGroup, GroupNames } from './group-names.ts'
import { type LoginName, readLoginName } from './login-name.ts'
import { guidOctets, guidText, sidInDomain } from './object-ids.ts'
import type { PasswordSettings, PasswordSettingsObjects } from './password-settings.ts'
import { unanswered } from './unanswered.ts'

/** Beyond these several accounts fit, and it does not matter how many. */
const MOST_CANDIDATES = 10
/** People and computers; trusts between domains are users too, and nobody's. */
const ANY_ACCOUNT = '(|(&(objectCategory=person)(objectClass=user))(objectCategory=computer))'
const NAME_ATTRIBUTES = ['sAMAccountName', 'userPrincipalName'] as const

export type LookupSettings = Pick<
  LdapSourceConfiguration,
  | 'name'
  | 'baseDn'
  | 'domain'
  | 'netbiosName'
  | 'groupDn'
  | 'userAttributes'
  | 'userFilter'
  | 'attributes'
  | 'groups'
  | 'accountRules'
  | 'certificateMapping'
  | 'deadlineMilliseconds'
>

/** What is the same for all accounts of a domain, and kept for many logins. */
export interface DomainWide {
  readonly domain: DomainKnowledge
  readonly groups: GroupNames
  readonly passwordSettings: PasswordSettingsObjects
}

type Remaining = () => number

/**
 * Users and computers of one Active Directory domain. Two searches a login: the account with its state, and its token groups,
 * which the domain controller computes (nested and primary group included) for a search of the account alone.
 */
export class ActiveDirectoryLookup implements AccountLookup {
  readonly #directory: DirectorySearch
  readonly #settings: LookupSettings
  readonly #clock: Clock
  readonly #knowledge: DomainWide

  /** @param directory as whom accounts are asked for: the service account, or in bindMode simple the user */
  constructor(directory: DirectorySearch, settings: LookupSettings, knowledge: DomainWide, clock: Clock) {
    this.#directory = directory
    this.#settings = settings
    this.#knowledge = knowledge
    this.#clock = clock
  }

  async byName(user: string, wholeName: string, how: LookupManner = {}): Promise<FoundAccount> {
    const end = this.#clock.monotonic() + this.#settings.deadlineMilliseconds
    const remaining = (): number => Math.max(1, Math.ceil(end - this.#clock.monotonic()))
    const domain = await this.#knowledge.domain.domain(this.#directory)
    if ('kind' in domain) return domain
    const name = readLoginName(user, wholeName, domain)
    if (name.kind === 'elsewhere') return { kind: 'not-found' }
    const wanted = name.kind === 'person' ? this.#person(name, how.isOwnName === true) : computer(name)
    return await this.#find(wanted, name.kind, domain, remaining)
  }

  async byId(id: string): Promise<FoundAccount> {
    const guid = guidOctets(id)
    if (guid === undefined) return { kind: 'not-found' }
    const end = this.#clock.monotonic() + this.#settings.deadlineMilliseconds
    const remaining = (): number => Math.max(1, Math.ceil(end - this.#clock.monotonic()))
    const domain = await this.#knowledge.domain.domain(this.#directory)
    if ('kind' in domain) return domain
    const wanted: Wanted = {
      filter: (also) => `(&(objectGUID=${octetsInFilter(guid)})${ANY_ACCOUNT}${also})`,
      fits: (entry) => guidText(entry.octets('objectGUID')[0] ?? new Uint8Array()) === id.toLowerCase(),
    }
    return await this.#find(wanted, undefined, domain, remaining)
  }

  forgetNames(): void {
    this.#knowledge.groups.forget()
  }

  async #find(
    wanted: Wanted,
    kind: 'person' | 'computer' | undefined,
    domain: Domain,
    remaining: Remaining,
  ): Promise<FoundAccount> {
    const answer = await this.#directory.search({
      base: this.#settings.baseDn,
      scope: 'sub',
      filter: wanted.filter(this.#settings.userFilter ?? ''),
      attributes: this.#attributes(),
      limit: MOST_CANDIDATES,
      deadlineMilliseconds: remaining(),
    })
    if (answer.kind === 'too-many') return { kind: 'ambiguous', accounts: [`more than ${MOST_CANDIDATES}`] }
    if (answer.kind !== 'entries') return unanswered(answer, 'an account')
    const [found, ...others] = answer.entries.filter(wanted.fits)
    if (found === undefined) return { kind: 'not-found' }
    if (others.length > 0) return { kind: 'ambiguous', accounts: [found, ...others].map(({ dn }) => dn) }
    return this.#account(found, kind ?? kindOf(found), domain, answer.server, remaining)
  }

  #attributes(): readonly string[] {
    const { attributes, userAttributes } = this.#settings
    return [...new Set([...ACCOUNT_ATTRIBUTES, ...userAttributes, ...Object.values(attributes)])]
  }

  #person({ principal, account }: Extract<LoginName, { kind: 'person' }>, isOwnName: boolean): Wanted {
    const { userAttributes } = this.#settings
    const typed = userAttributes.length > 0 ? userAttributes : NAME_ATTRIBUTES
    const attributes = isOwnName ? ['sAMAccountName'] : typed
    const pairs = attributes.flatMap((attribute): [string, string][] => {
      const key = attribute.toLowerCase()
      // A userPrincipalName is never without its suffix, an account name never with one; others may be either.
      const values = [
        ...(key === 'samaccountname' ? [] : [principal]),
        ...(key === 'userprincipalname' ? [] : [account]),
      ]
      return values.flatMap((value): [string, string][] => (value === undefined ? [] : [[attribute, value]]))
    })
    // A name that no attribute can hold fits nobody.
    const any =
      pairs.map(([attribute, value]) => `(${attribute}=${filter`${value}`})`).join('') || '(!(objectClass=*))'
    return {
      filter: (also) => `(&(objectCategory=person)(objectClass=user)(|${any})${also})`,
      // The server folds letters that we do not: what it found must be what was asked for.
      fits: (entry) => pairs.some(([attribute, value]) => holds(entry, attribute, value)),
    }
  }

  async #account(
    entry: DirectoryEntry,
    kind: 'person' | 'computer',
    domain: Domain,
    server: string,
    remaining: Remaining,
  ): Promise<FoundAccount> {
    const account = readAccountEntry(entry)
    if ('missing' in account) {
      const why = `the service account may not read ${account.missing} of ${entry.dn}`
      return { kind: 'unavailable', why }
    }
    const [groups, passwords] = await Promise.all([
      this.#groupsOf(account, domain, remaining),
      this.#passwordsOf(account, domain, remaining),
    ])
    if ('kind' in groups) return groups
    const { groupDn, accountRules, certificateMapping } = this.#settings
    const groupDns = groups.flatMap(({ dn }) => dn ?? [])
    if (groupDn !== undefined && !isInGroup(account.dn, groupDns, groupDn)) {
      return { kind: 'outside-group' }
    }
    const now = this.#clock.now()
    const budget = budgetOf(account, passwords, server, now)
    const { passwordSetAt, dnsHostName } = account
    const found: DirectoryAccount = {
      dn: account.dn,
      user: this.#user(entry, account, kind, groups),
      ...(domain.netbiosName !== undefined && { domain: domain.netbiosName }),
      ...accountStanding(account, now, { ...accountRules, passwords }),
      ...(budget !== undefined && { budget }),
      ...(passwordSetAt !== undefined && { passwordStamp: String(passwordSetAt), passwordSetAt }),
      binding: {
        mode: certificateMapping,
        kind,
        sid: account.sidText,
        altSecurityIdentities: account.altSecurityIdentities,
        ...(dnsHostName !== undefined && { dnsHostName }),
      },
    }
    return { kind: 'found', account: found }
  }

  #user(
    entry: DirectoryEntry,
    account: AccountEntry,
    kind: 'person' | 'computer',
    groups: readonly DirectoryGroup[],
  ): IdentifiedUser {
    const { name: source, attributes } = this.#settings
    const known = {
      upn: account.principalName,
      sid: account.sidText,
      objectGuid: account.guid,
      distinguishedName: account.dn,
      dnsHostName: account.dnsHostName,
    }
    const present = Object.entries(known).flatMap(([fact, text]) =>
      text === undefined ? [] : [[fact, text]],
    )
    return {
      id: `${source}/${account.guid}`,
      name: account.accountName,
      source,
      kind,
      groups: [...new Set(groups.map(({ name }) => name))].sort(),
      attributes: { ...mappedAttributes(entry, attributes), ...Object.fromEntries(present) },
      lookup: 'live',
    }
  }

  async #groupsOf(
    account: AccountEntry,
    domain: Domain,
    remaining: Remaining,
  ): Promise<readonly DirectoryGroup[] | DirectoryUnavailable> {
    const { memberOf, primaryGroup } = account
    const primary = primaryGroup === undefined ? undefined : sidInDomain(account.sid, primaryGroup)
    const direct = primary === undefined ? [] : [primary]
    const sids = this.#settings.groups.nested ? await this.#tokenGroups(account.dn, remaining) : direct
    if ('kind' in sids) return sids
    // Groups for mail alone have no place in a token; the direct ones stand in memberOf.
    return this.#knowledge.groups.find(
      this.#directory,
      { sids, dns: memberOf },
      this.#settings.groups.baseDn ?? domain.root,
      remaining,
    )
  }

  async #tokenGroups(
    dn: string,
    remaining: Remaining,
  ): Promise<readonly Uint8Array[] | DirectoryUnavailable> {
    const answer = await this.#directory.search({
      base: dn,
      scope: 'base',
      filter: '(objectClass=*)',
      attributes: ['tokenGroups'],
      limit: 1,
      deadlineMilliseconds: remaining(),
    })
    if (answer.kind !== 'entries') return unanswered(answer, 'token groups')
    const sids = answer.entries[0]?.octets('tokenGroups') ?? []
    if (sids.length > 0) return sids
    // Everybody has a primary group. Nothing means "may not be read", and must not pass for "is in no group".
    return { kind: 'unavailable', why: `the service account may not read tokenGroups of ${dn}` }
  }

  async #passwordsOf(account: AccountEntry, domain: Domain, remaining: Remaining): Promise<PasswordSettings> {
    const { passwordSettings } = account
    if (passwordSettings === undefined) return domain.passwords
    const own = await this.#knowledge.passwordSettings.read(this.#directory, passwordSettings, remaining())
    if (own !== undefined) return own
    // Other settings than the domain's hold, and may not be read: how soon they lock is not for us to guess.
    const { lockoutThreshold: _, observationMilliseconds: __, ...rest } = domain.passwords
    return rest
  }
}

interface Wanted {
  /** `also`: a filter that must hold besides, or nothing. */
  readonly filter: (also: string) => string
  readonly fits: (entry: DirectoryEntry) => boolean
}

/** By dNSHostName or a service principal name; `NAME$` only where the account has no dNSHostName to contradict it. */
function computer({ dnsName, account }: Extract<LoginName, { kind: 'computer' }>): Wanted {
  const base = '(objectCategory=computer)'
  if (dnsName === undefined) {
    const name = account ?? ''
    return {
      filter: (also) => `(&${base}${filter`(sAMAccountName=${name})`}${also})`,
      fits: (entry) => holds(entry, 'sAMAccountName', name),
    }
  }
  const principal = `HOST/${dnsName}`
  const short = `${dnsName.slice(0, dnsName.indexOf('.'))}$`
  const any = filter`(dNSHostName=${dnsName})(servicePrincipalName=${principal})(sAMAccountName=${short})`
  return {
    filter: (also) => `(&${base}(|${any})${also})`,
    fits: (entry) =>
      entry.text('dNSHostName') === undefined
        ? holds(entry, 'sAMAccountName', short)
        : holds(entry, 'dNSHostName', dnsName) || holds(entry, 'servicePrincipalName', principal),
  }
}

/** What no computer lacks, and a person only by a mistake: an account of a machine (MS-ADTS section 2.2.16). */
function kindOf(entry: DirectoryEntry): 'person' | 'computer' {
  const control = Number(entry.text('userAccountControl') ?? 0)
  const { workstationTrust, serverTrust } = ACCOUNT_CONTROL
  return (control & (workstationTrust | serverTrust)) === 0 ? 'person' : 'computer'
}

function holds(entry: DirectoryEntry, attribute: string, value: string): boolean {
  return entry.texts(attribute).some((text) => isSameName(value, text))
}

function budgetOf(
  { failures, lastFailureAt }: AccountEntry,
  { lockoutThreshold, observationMilliseconds }: PasswordSettings,
  server: string,
  now: number,
): DirectoryAccount['budget'] {
  if (failures === undefined) return undefined
  const isForgotten =
    lastFailureAt !== undefined &&
    observationMilliseconds !== undefined &&
    now >= lastFailureAt + observationMilliseconds
  return {
    failures: isForgotten ? 0 : failures,
    ...(lockoutThreshold !== undefined && { threshold: lockoutThreshold }),
    ...(lastFailureAt !== undefined && { lastFailureAt }),
    ...(observationMilliseconds !== undefined && { observationMilliseconds }),
    server,
  }
}
