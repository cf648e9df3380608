import { isSameDn } from '@sallyport/ldap'
import type { Clock } from '../../../kernel/clock.ts'
import type { DirectorySearch, DirectoryUnavailable } from '../directory.ts'
import { sidText } from './object-ids.ts'
import { type PasswordSettings, passwordSettings } from './password-settings.ts'
import { unanswered } from './unanswered.ts'

/** What an Active Directory domain says of itself. */
export interface Domain {
  /** DN of its root. */
  readonly root: string
  readonly dnsName: string
  readonly netbiosName?: string
  readonly sid?: string
  readonly passwords: PasswordSettings
}

const MAY_BE_OLD_MILLISECONDS = 10 * 60 * 1000
const DOMAIN_PASSWORDS = {
  threshold: 'lockoutThreshold',
  lockout: 'lockoutDuration',
  observation: 'lockOutObservationWindow',
  age: 'maxPwdAge',
} as const

export interface DomainKnowledgeParts {
  readonly clock: Clock
  readonly baseDn: string
  /** As configured: then nobody is asked. */
  readonly netbiosName?: string
  readonly dnsName?: string
}

/** Asks the domain about itself, once for many logins, and anew after ten minutes. An older answer is better than none. */
export class DomainKnowledge {
  readonly #parts: DomainKnowledgeParts
  #known: { readonly domain: Domain; readonly at: number } | undefined
  #asking: Promise<Domain | DirectoryUnavailable> | undefined

  constructor(parts: DomainKnowledgeParts) {
    this.#parts = parts
  }

  /** @param directory as whom it is asked: every account may read these */
  domain(directory: DirectorySearch): Promise<Domain | DirectoryUnavailable> | Domain {
    const { clock } = this.#parts
    const known = this.#known
    if (known !== undefined && clock.monotonic() - known.at < MAY_BE_OLD_MILLISECONDS) return known.domain
    this.#asking ??= this.#ask(directory).finally(() => {
      this.#asking = undefined
    })
    if (known === undefined) return this.#asking
    // Nobody waits for it; what went wrong is asked again by the next login.
    this.#asking.catch(() => undefined)
    return known.domain
  }

  async #ask(directory: DirectorySearch): Promise<Domain | DirectoryUnavailable> {
    const { clock, baseDn, netbiosName, dnsName } = this.#parts
    const self = await directory.search({
      base: '',
      scope: 'base',
      filter: '(objectClass=*)',
      attributes: ['defaultNamingContext', 'configurationNamingContext'],
      limit: 1,
    })
    if (self.kind !== 'entries') return unanswered(self, 'the domain controller about itself')
    const root = domainRoot(baseDn) ?? self.entries[0]?.text('defaultNamingContext')
    if (root === undefined) {
      return {
        kind: 'unavailable',
        why: 'the server does not say which domain it serves: is it Active Directory?',
      }
    }
    const configuration = self.entries[0]?.text('configurationNamingContext')
    const [settings, netbios] = await Promise.all([
      directory.search({
        base: root,
        scope: 'base',
        filter: '(objectClass=*)',
        attributes: ['objectSid', ...Object.values(DOMAIN_PASSWORDS)],
        limit: 1,
      }),
      netbiosName ?? this.#netbiosName(directory, root, configuration),
    ])
    if (settings.kind !== 'entries') return unanswered(settings, `the domain ${root}`)
    if (typeof netbios === 'object') return netbios
    const sid = sidText(settings.entries[0]?.octets('objectSid')[0] ?? new Uint8Array())
    const domain: Domain = {
      root,
      dnsName: dnsName ?? dnsNameOf(root),
      ...(netbios !== undefined && { netbiosName: netbios }),
      ...(sid !== undefined && { sid }),
      passwords: passwordSettings(settings.entries[0], DOMAIN_PASSWORDS),
    }
    this.#known = { domain, at: clock.monotonic() }
    return domain
  }

  /** The cross reference of the domain in the Partitions container holds it (MS-ADTS section 6.1.1.2.1.1). */
  async #netbiosName(
    directory: DirectorySearch,
    root: string,
    configuration: string | undefined,
  ): Promise<string | undefined | DirectoryUnavailable> {
    if (configuration === undefined) return undefined
    const answer = await directory.search({
      base: `CN=Partitions,${configuration}`,
      scope: 'one',
      filter: '(nETBIOSName=*)',
      attributes: ['nETBIOSName', 'nCName'],
      limit: 200,
    })
    if (answer.kind === 'unavailable') return answer
    if (answer.kind !== 'entries') return undefined
    const own = answer.entries.find((entry) => isSameDn(entry.text('nCName') ?? '', root))
    return own?.text('nETBIOSName')
  }
}

/** The `DC=` end of a DN. */
function domainRoot(dn: string): string | undefined {
  return /(?:^|,)\s*(DC=[^,]+(?:\s*,\s*DC=[^,]+)*)\s*$/i.exec(dn)?.[1]
}

function dnsNameOf(root: string): string {
  return root
    .split(',')
    .map((part) => part.trim().replace(/^DC=/i, ''))
    .join('.')
}
