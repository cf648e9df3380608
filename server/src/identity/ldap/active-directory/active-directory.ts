import type { LdapSourceConfiguration } from '../../../config/schema.ts'
import { type Clock, systemClock } from '../../../kernel/clock.ts'
import type { AuthenticationOutcome } from '../../source.ts'
import type { AccountLookup, DirectoryAccount } from '../account-lookup.ts'
import type { DirectorySearch, LdapRefusal } from '../directory.ts'
import type { DirectoryType } from '../directory-type.ts'
import { ActiveDirectoryLookup, type DomainWide } from './active-directory-lookup.ts'
import { refusedBind } from './bind-refusal.ts'
import { DomainKnowledge } from './domain.ts'
import { GroupNames } from './group-names.ts'
import { sidText } from './object-ids.ts'
import { PasswordSettingsObjects } from './password-settings.ts'

/** Active Directory, Samba's included. What its domains say of themselves is kept as long as their settings. */
export class ActiveDirectory implements DirectoryType {
  readonly #clock: Clock
  readonly #known = new WeakMap<LdapSourceConfiguration, DomainWide>()

  constructor(clock: Clock = systemClock) {
    this.#clock = clock
  }

  lookup(settings: LdapSourceConfiguration, search: DirectorySearch): AccountLookup {
    let known = this.#known.get(settings)
    if (known === undefined) {
      known = domainWide(settings, this.#clock)
      this.#known.set(settings, known)
    }
    return new ActiveDirectoryLookup(search, settings, known, this.#clock)
  }

  /** rootDSE tells whoever asks the SIDs of their own token (MS-ADTS section 3.1.1.3.2): an account's is in no other one's. */
  async isBoundAs(as: DirectorySearch, account: DirectoryAccount): Promise<boolean> {
    const answer = await as.search({
      base: '',
      scope: 'base',
      filter: '(objectClass=*)',
      attributes: ['tokenGroups'],
      limit: 1,
    })
    const token = answer.kind === 'entries' ? (answer.entries[0]?.octets('tokenGroups') ?? []) : []
    const { binding } = account
    return binding !== undefined && token.some((octets) => sidText(octets) === binding.sid)
  }

  refusedBind(refusal: LdapRefusal, account: DirectoryAccount | undefined): AuthenticationOutcome {
    return refusedBind(refusal, account)
  }
}

function domainWide(settings: LdapSourceConfiguration, clock: Clock): DomainWide {
  const { baseDn, domain, netbiosName, groups } = settings
  return {
    domain: new DomainKnowledge({
      clock,
      baseDn,
      ...(domain !== undefined && { dnsName: domain }),
      ...(netbiosName !== undefined && { netbiosName }),
    }),
    groups: new GroupNames(clock, groups.nameAttribute ?? 'sAMAccountName'),
    passwordSettings: new PasswordSettingsObjects(clock),
  }
}
