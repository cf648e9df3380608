import type { LdapSourceConfiguration } from '../../../config/schema.ts'
import type { Clock } from '../../../kernel/clock.ts'
import type { DirectoryEntry, DirectorySearch } from '../directory.ts'
import { filter } from '../filter.ts'
import type { Domain } from './domain.ts'
import { fileTime } from './file-time.ts'
import { sidText } from './object-ids.ts'
import type { RightsStep } from './service-account-rights.ts'

/** Groups nobody needs who only reads: whoever has the password of a member has the domain (well-known SIDs). */
const MIGHTY: Readonly<Record<string, string>> = {
  '512': 'Domain Admins',
  '518': 'Schema Admins',
  '519': 'Enterprise Admins',
  '520': 'Group Policy Creator Owners',
  'S-1-5-32-544': 'Administrators',
  'S-1-5-32-548': 'Account Operators',
  'S-1-5-32-549': 'Server Operators',
  'S-1-5-32-550': 'Print Operators',
  'S-1-5-32-551': 'Backup Operators',
}

const SOON_MILLISECONDS = 14 * 24 * 60 * 60 * 1000

/** What the service account can do beyond reading, and when its password ends. `sample`: an account that is not its own. */
export async function excessOfServiceAccount(
  directory: DirectorySearch,
  { bindDn = '' }: Pick<LdapSourceConfiguration, 'bindDn'>,
  { root }: Domain,
  sample: DirectoryEntry,
  clock: Clock,
): Promise<readonly RightsStep[]> {
  const steps: RightsStep[] = [writingStep(sample)]
  const own = await ownEntry(directory, bindDn, root)
  if (own === undefined) {
    const detail = `the account "${bindDn}" cannot be found below ${root}`
    return [...steps, { outcome: 'skipped', what: 'groups of the service account', detail }]
  }
  return [...steps, await groupsStep(directory, own), ...expiryStep(own, clock.now())]
}

function writingStep(sample: DirectoryEntry): RightsStep {
  const what = 'rights to change accounts'
  const writable = sample.texts('allowedAttributesEffective')
  if (writable.length === 0) return { outcome: 'ok', what, detail: 'none' }
  const some = writable.slice(0, 5).join(', ')
  return {
    outcome: 'warning',
    what,
    detail: `the service account may change ${writable.length} attributes of ${sample.dn}: ${some}${writable.length > 5 ? ', ...' : ''}`,
    cure: 'Sallyport only reads. Take the rights away: whoever reads the password of the service account has them too.',
  }
}

async function ownEntry(
  directory: DirectorySearch,
  bindDn: string,
  root: string,
): Promise<DirectoryEntry | undefined> {
  const attributes = ['adminCount', 'msDS-UserPasswordExpiryTimeComputed']
  const account = bindDn.replace(/^.*\\/, '')
  const isDn = /^\s*[a-z][a-z0-9-]*\s*=/i.test(bindDn)
  const answer = await directory.search({
    ...(isDn
      ? { base: bindDn, scope: 'base', filter: '(objectClass=*)' }
      : {
          base: root,
          scope: 'sub',
          filter: filter`(|(userPrincipalName=${bindDn})(sAMAccountName=${account.replace(/@.*$/, '')}))`,
        }),
    attributes,
    limit: 2,
  })
  return answer.kind === 'entries' && answer.entries.length === 1 ? answer.entries[0] : undefined
}

async function groupsStep(directory: DirectorySearch, own: DirectoryEntry): Promise<RightsStep> {
  const what = 'groups of the service account'
  const answer = await directory.search({
    base: own.dn,
    scope: 'base',
    filter: '(objectClass=*)',
    attributes: ['tokenGroups'],
    limit: 1,
  })
  const sids = answer.kind === 'entries' ? (answer.entries[0]?.octets('tokenGroups') ?? []) : []
  const mighty = sids.flatMap((octets) => {
    const sid = sidText(octets) ?? ''
    const name =
      MIGHTY[sid] ?? (sid.startsWith('S-1-5-21-') ? MIGHTY[sid.slice(sid.lastIndexOf('-') + 1)] : undefined)
    return name === undefined ? [] : [name]
  })
  const cure = 'Use an account of its own that is a member of "Domain Users" alone.'
  if (mighty.length > 0) {
    return { outcome: 'warning', what, detail: `${own.dn} is in ${mighty.sort().join(', ')}`, cure }
  }
  if (own.text('adminCount') === '1') {
    const detail = `${own.dn} is, or was, in a protected group (adminCount=1)`
    return { outcome: 'warning', what, detail, cure: `${cure} If it is in none any more: clear adminCount.` }
  }
  return { outcome: 'ok', what, detail: 'none that rules the domain' }
}

function expiryStep(own: DirectoryEntry, now: number): readonly RightsStep[] {
  const expiresAt = fileTime(own.text('msDS-UserPasswordExpiryTimeComputed'))
  if (expiresAt === undefined) return []
  const what = 'password of the service account'
  const detail = `expires at ${new Date(expiresAt).toISOString()}; then no user of this source can log in`
  const cure = 'Change it in time, or set "Password never expires" for this account.'
  return [{ outcome: expiresAt - now < SOON_MILLISECONDS ? 'warning' : 'ok', what, detail, cure }]
}
