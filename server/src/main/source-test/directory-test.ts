import { fromUtf8 } from '@sallyport/bytes'
import { RESULT, resultName } from '@sallyport/ldap'
import { outcomeReason } from '../../access/outcome-reason.ts'
import type { LdapSourceConfiguration } from '../../config/schema.ts'
import type { DirectoryAccount, FoundAccount } from '../../identity/ldap/account-lookup.ts'
import { checkServiceAccountRights } from '../../identity/ldap/active-directory/service-account-rights.ts'
import { bindName } from '../../identity/ldap/bind-name.ts'
import { ConnectionSession } from '../../identity/ldap/connection-session.ts'
import type { DirectorySession } from '../../identity/ldap/directory.ts'
import type { DirectoryType } from '../../identity/ldap/directory-type.ts'
import { groupBase } from '../../identity/ldap/generic/group-base.ts'
import { openConnection } from '../../identity/ldap/open-connection.ts'
import { cureFor } from '../../identity/ldap/refusals.ts'
import { bindAnswer } from '../../identity/ldap/search-answer.ts'
import type { ServerAddress } from '../../identity/ldap/server-address.ts'
import type { ServerList } from '../../identity/ldap/server-list.ts'
import { directoryTrust } from '../../identity/ldap/trust.ts'
import type { AuthenticationOutcome } from '../../identity/source.ts'
import { render } from '../../reasons/index.ts'
import { type Asker, askerOf, type Reached, reachServers } from './directory-servers.ts'
import { inTime, REACH_MILLISECONDS } from './reach.ts'
import type { StepName, Steps } from './steps.ts'

export interface Question {
  /** As it would be typed; what a realm would take off is taken off. */
  readonly user?: string
  readonly password?: string
}

export interface DirectoryParts {
  readonly settings: LdapSourceConfiguration
  readonly servers: ServerList
  readonly type: DirectoryType
}

const OF_DIRECTORY = ['base DN', 'group DN'] as const satisfies readonly StepName[]
const OF_USER = ['user', 'password', 'account', 'groups', 'facts'] as const satisfies readonly StepName[]

/** Goes the way of a login through an LDAP source, and says of each step whether it went, or the cause and the cure. */
export async function testDirectory(parts: DirectoryParts, question: Question, steps: Steps): Promise<void> {
  const { settings } = parts
  const addresses = await serversOf(parts, steps)
  if (addresses === undefined) return
  const asker = askerFor(settings, question)
  if (asker === 'missing') {
    const why = 'bindMode simple asks as the user alone: give --user and the password'
    for (const reached of await reachServers(settings, addresses, undefined, steps)) end(reached)
    return steps.skip(why, ...OF_DIRECTORY, ...OF_USER)
  }
  const reached = await reachServers(settings, addresses, asker, steps)
  const [first] = reached
  if (first === undefined) {
    return steps.skip(
      'no server could be asked',
      ...OF_DIRECTORY,
      ...(question.user === undefined ? [] : OF_USER),
    )
  }
  try {
    await askDirectory(parts, first, question, steps)
  } finally {
    for (const each of reached) end(each)
  }
}

async function serversOf(
  { settings, servers }: DirectoryParts,
  steps: Steps,
): Promise<readonly ServerAddress[] | undefined> {
  const isListedByDns = settings.servers.length === 0
  try {
    const found = await inTime(Promise.resolve(servers.current()), REACH_MILLISECONDS)
    if (found !== undefined && found.length > 0) {
      const names = found.map(({ name }) => name).join(', ')
      if (isListedByDns) steps.ok('dns', `servers of ${settings.domain ?? ''}: ${names}`)
      return found
    }
    steps.fail('dns', `no servers of ${settings.domain ?? 'the source'} are known`, DNS_CURE)
  } catch (error) {
    steps.fail('dns', error instanceof Error ? error.message : String(error), DNS_CURE)
  }
  steps.skip('no server is known', 'tcp', 'tls', 'bind', ...OF_DIRECTORY)
  return undefined
}

const DNS_CURE =
  'Let this machine ask the name servers of the domain (/etc/resolv.conf), or write servers into the source.'

/** Who asks: in bindMode simple the user, who needs a password for it. */
function askerFor(
  settings: LdapSourceConfiguration,
  { user, password }: Question,
): Asker | undefined | 'missing' {
  if (settings.bindMode !== 'simple') return askerOf(settings)
  if (user === undefined || password === undefined || password === '') return 'missing'
  const dn = bindName(settings.userDn ?? '', withoutRealm(user))
  return dn === undefined ? 'missing' : { dn, password: fromUtf8(password) }
}

async function askDirectory(
  parts: DirectoryParts,
  reached: Reached,
  question: Question,
  steps: Steps,
): Promise<void> {
  const { settings, type } = parts
  const { groupDn, deadlineMilliseconds } = settings
  const session = new ConnectionSession(reached.connection, reached.address.name, () => deadlineMilliseconds)
  const hasBase = await entryThere(session, 'base DN', settings, steps)
  if (groupDn === undefined) steps.skip('groupDn is not set: whoever is found may pass', 'group DN')
  const hasGroup = groupDn === undefined || (await entryThere(session, 'group DN', settings, steps))
  if (settings.type === 'active-directory' && settings.bindMode === 'regular') {
    if (hasBase) await tellRights(settings, session, steps)
    else steps.skip('nothing can be asked without the base DN', 'rights')
  }
  const { user } = question
  if (user === undefined) return
  if (!hasBase) return steps.skip('users cannot be searched without the base DN', ...OF_USER)
  const found = await type.lookup(settings, session).byName(withoutRealm(user), user)
  if (found.kind !== 'found') {
    await tellUnfound(parts, session, user, found, hasGroup, steps)
    return steps.skip('there is no account to look at', ...OF_USER.slice(1))
  }
  steps.ok('user', found.account.dn)
  await tellAccount(parts, reached.address, found.account, question, steps)
}

/** `EXAMPLE\\alice` and `alice@example.org` are alice to a realm with that prefix or suffix. */
function withoutRealm(user: string): string {
  return user.slice(user.indexOf('\\') + 1).replace(/(?<=.)@[^@]*$/, '')
}

/** What the service account may read and logins need, and what it could do besides. */
async function tellRights(
  settings: LdapSourceConfiguration,
  session: DirectorySession,
  steps: Steps,
): Promise<void> {
  for (const { outcome, what, detail, cure = '' } of await checkServiceAccountRights(session, settings)) {
    const seen = `${what}: ${detail}`
    if (outcome === 'ok') steps.ok('rights', seen)
    else if (outcome === 'skipped') steps.skip(seen, 'rights')
    else if (outcome === 'warning') steps.warn('rights', seen, cure)
    else steps.fail('rights', seen, cure)
  }
}

async function entryThere(
  session: DirectorySession,
  step: 'base DN' | 'group DN',
  { name: source, baseDn, groupDn = '', bindMode }: LdapSourceConfiguration,
  steps: Steps,
): Promise<boolean> {
  const [name, dn] = step === 'base DN' ? ['baseDn', baseDn] : ['groupDn', groupDn]
  const answer = await session.search({
    ...{ base: dn, scope: 'base', filter: '(objectClass=*)', attributes: ['objectClass'], limit: 1 },
  })
  switch (answer.kind) {
    case 'entries':
      if (answer.entries.length > 0) {
        steps.ok(step, dn)
        return true
      }
      steps.fail(step, `${dn} is not shown to the account that asks`, 'Let it read this entry.')
      return false
    case 'refused': {
      const { code, message } = answer
      const cure =
        code === RESULT.noSuchObject
          ? `There is no such entry: correct ${name}. To look around: sallyport directories browse ${source}${step === 'base DN' ? '' : ' DN --show groups'}`
          : bindMode === 'anonymous'
            ? 'It answers nobody without a name: use bindMode regular.'
            : cureFor(code)
      steps.fail(step, `${dn}: ${resultName(code)}${message === '' ? '' : `: ${message}`}`, cure)
      return false
    }
    case 'too-many':
      return true
    case 'unavailable':
      steps.fail(step, answer.why)
      return false
  }
}

async function tellUnfound(
  { settings, type }: DirectoryParts,
  session: DirectorySession,
  user: string,
  found: Exclude<FoundAccount, { kind: 'found' }>,
  hasGroup: boolean,
  steps: Steps,
): Promise<void> {
  const { baseDn, groupDn = '', userFilter } = settings
  switch (found.kind) {
    case 'unavailable':
      return steps.fail('user', found.why)
    case 'ambiguous': {
      const cure = 'Narrow baseDn or userFilter, or log in by another attribute (userAttributes).'
      return steps.fail('user', `several accounts answer to "${user}": ${found.accounts.join('; ')}`, cure)
    }
    case 'outside-group':
      return steps.fail(
        'user',
        `"${user}" is below ${baseDn} and not in ${groupDn}`,
        hasGroup ? 'Add the account to the group.' : 'Correct groupDn first: nobody can be in it.',
      )
    case 'not-found': {
      const { userFilter: _, ...unfiltered } = settings
      const look = async (where: LdapSourceConfiguration): Promise<FoundAccount> =>
        await type.lookup(where, session).byName(withoutRealm(user), user)
      if (userFilter !== undefined && (await look(unfiltered)).kind !== 'not-found') {
        return steps.fail(
          'user',
          `userFilter ${userFilter} leaves "${user}" out`,
          'Correct userFilter, or the account.',
        )
      }
      const { groupDn: _group, ...everybody } = unfiltered
      const { baseDn: _groups, ...groups } = settings.groups
      const elsewhere = await look({ ...everybody, baseDn: groupBase({ baseDn, groups }) })
      if (elsewhere.kind === 'found') {
        const cure = 'Give a baseDn above it, or another source for that part of the directory.'
        return steps.fail('user', `${elsewhere.account.dn} is not below ${baseDn}`, cure)
      }
      const isGeneric = settings.type === 'generic'
      const names =
        settings.userAttributes.join(', ') || (isGeneric ? 'uid' : 'sAMAccountName, userPrincipalName')
      const hint = isGeneric ? ' For Active Directory: type: active-directory.' : ''
      const cure = `Check the name, baseDn, userAttributes, and that the service account may read the entry.${hint}`
      return steps.fail('user', `nobody below ${baseDn} has the name "${user}" (${names})`, cure)
    }
  }
}

async function tellAccount(
  { settings, type }: DirectoryParts,
  address: ServerAddress,
  account: DirectoryAccount,
  { user = '', password }: Question,
  steps: Steps,
): Promise<void> {
  const sentence = (outcome: AuthenticationOutcome) => tell(outcome, user, settings.name)
  if (settings.bindMode === 'simple') steps.ok('password', 'right: the user was bound with it')
  else if (password === undefined || password === '') steps.skip('no password was given', 'password')
  else await tryPassword(settings, type, address, account, { user, password }, steps)
  const { barred, passwordBarred, budget } = account
  const bars = [barred, passwordBarred].filter((bar) => bar !== undefined)
  for (const bar of bars) {
    const { text, cure } = sentence(bar)
    steps.fail('account', text, cure)
  }
  if (bars.length === 0) {
    const counted =
      budget === undefined || budget.threshold === 0
        ? ''
        : `; ${budget.failures} of ${budget.threshold} wrong passwords until it locks`
    steps.ok('account', `nothing stands against it${counted}`)
  }
  const { groups, name, source, attributes } = account.user
  if (groups.length > 0) steps.ok('groups', groups.join(', '))
  else steps.warn('groups', 'none', 'Where it has some: may the service account read them?')
  const facts = {
    'user.name': name,
    'user.source': source,
    'user.groups': groups,
    'user.attributes': attributes,
  }
  steps.ok(
    'facts',
    Object.entries(facts)
      .map(([fact, value]) => `${fact} = ${JSON.stringify(value)}`)
      .join('; '),
  )
}

/** On a connection of its own, as a login does it. It counts as one wrong password where it is wrong. */
async function tryPassword(
  settings: LdapSourceConfiguration,
  type: DirectoryType,
  address: ServerAddress,
  account: DirectoryAccount,
  { user, password }: Required<Question>,
  steps: Steps,
): Promise<void> {
  const { serverName, authorities } = settings
  const trust = {
    secureContext: directoryTrust(authorities),
    ...(serverName === undefined ? {} : { serverName }),
  }
  const connection = await openConnection(address, trust, REACH_MILLISECONDS)
  if ('kind' in connection) return steps.fail('password', connection.why)
  const bound = await connection.bind(account.dn, fromUtf8(password), settings.deadlineMilliseconds)
  connection.close('the test is over')
  if (bound.kind === 'lost') return steps.fail('password', bound.why)
  const answer = bindAnswer(bound, address.name)
  if (answer.kind === 'bound') return steps.ok('password', 'right')
  const outcome = type.refusedBind(answer, account)
  const { text, cure } = tell(outcome, user, settings.name)
  steps.fail('password', `${text} The server said ${resultName(answer.code)} ${answer.message}`.trim(), cure)
}

function tell(outcome: AuthenticationOutcome, user: string, source: string): { text: string; cure: string } {
  if (outcome.kind === 'authenticated') return { text: 'accepted', cure: '' }
  const { sentence, nextStep } = render(outcomeReason({ outcome, tried: [{ source, outcome }], user }, user))
  return { text: sentence, cure: nextStep }
}

function end({ connection }: Reached): void {
  connection.close('the test is over')
}
