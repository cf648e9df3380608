import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromHex, fromUtf8 } from '@sallyport/bytes'
import { type LdapSourceConfiguration, ldapSourceSchema } from '../../../config/sections/sources/ldap.ts'
import { FakeClock } from '../../../kernel/clock.ts'
import type { LookupManner } from '../account-lookup.ts'
import type { DirectoryEntry, DirectoryQuery, SearchAnswer } from '../directory.ts'
import { ActiveDirectory } from './active-directory.ts'
import { checkServiceAccountRights } from './service-account-rights.ts'

const ROOT = 'DC=example,DC=org'
const sid = (rid: string): Uint8Array =>
  fromHex(`0105000000000005150000000100000002000000030000${`00${rid}`}`)
const ALICE_SID = sid('4f040000')
const USERS_SID = sid('01020000')

type Values = Readonly<Record<string, readonly (string | Uint8Array)[] | string | Uint8Array>>

function entry(dn: string, values: Values): DirectoryEntry {
  const all = new Map(Object.entries(values).map(([name, value]) => [name.toLowerCase(), [value].flat()]))
  const octets = (name: string) =>
    (all.get(name.toLowerCase()) ?? []).map((value) => (typeof value === 'string' ? fromUtf8(value) : value))
  const texts = (name: string) => octets(name).map((value) => Buffer.from(value).toString())
  return { dn, names: [...all.keys()], octets, texts, text: (name) => texts(name)[0] }
}

const ALICE: Values = {
  objectSid: ALICE_SID,
  objectGUID: fromHex('00112233445566778899aabbccddeeff'),
  sAMAccountName: 'alice',
  userAccountControl: '512',
  primaryGroupID: '513',
  pwdLastSet: '132223104000000000',
}

/** Finds what it is told to find, whatever the filter asks: as a server that folds letters does. */
function house(
  found: readonly (readonly [string, Values])[],
  more: Partial<Record<'token' | 'groups', SearchAnswer>> = {},
) {
  const asked: DirectoryQuery[] = []
  const entries = (...all: DirectoryEntry[]): SearchAnswer => ({
    kind: 'entries',
    entries: all,
    server: 'dc1',
  })
  const search = async (query: DirectoryQuery): Promise<SearchAnswer> => {
    asked.push(query)
    if (query.base === '')
      return entries(
        entry('', { defaultNamingContext: ROOT, configurationNamingContext: `CN=Configuration,${ROOT}` }),
      )
    if (query.base.startsWith('CN=Partitions'))
      return entries(entry('CN=X', { nETBIOSName: 'EXAMPLE', nCName: ROOT }))
    if (query.attributes.includes('tokenGroups'))
      return more.token ?? entries(entry(query.base, { tokenGroups: [USERS_SID] }))
    if (query.base === ROOT && query.scope === 'base')
      return entries(entry(ROOT, { lockoutThreshold: '5', objectSid: sid('00000000') }))
    if (query.filter.startsWith('(|(objectSid='))
      return (
        more.groups ??
        entries(
          entry(`CN=Domain Users,CN=Users,${ROOT}`, { objectSid: USERS_SID, sAMAccountName: 'Domain Users' }),
        )
      )
    return entries(...found.map(([dn, values]) => entry(dn, values)))
  }
  const ask = (
    user: string,
    wholeName = user,
    settings: Partial<LdapSourceConfiguration> = {},
    how: LookupManner = {},
  ) => {
    const parsed = {
      ...ldapSourceSchema.parse({ name: 'corp', kind: 'ldap', baseDn: ROOT }),
      ...settings,
    } as LdapSourceConfiguration
    return new ActiveDirectory(new FakeClock()).lookup(parsed, { search }).byName(user, wholeName, how)
  }
  const byId = (id: string, settings: Partial<LdapSourceConfiguration> = {}) => {
    const parsed = {
      ...ldapSourceSchema.parse({ name: 'corp', kind: 'ldap', baseDn: ROOT }),
      ...settings,
    } as LdapSourceConfiguration
    return new ActiveDirectory(new FakeClock()).lookup(parsed, { search }).byId(id)
  }
  return { ask, asked, search, byId }
}

const person = (name: string, values: Values = {}): readonly [string, Values] => [
  `CN=${name},OU=People,${ROOT}`,
  { ...ALICE, ...values },
]

test('ok/one account: groups by SID, facts, and nothing of the name unescaped in the filter', async () => {
  const { ask, asked } = house([person('Alice', { userPrincipalName: 'alice@mail.example' })])
  const found = await ask('alice', 'alice@mail.example')
  assert.ok(found.kind === 'found')
  assert.deepEqual(found.account.user, {
    id: 'corp/33221100-5544-7766-8899-aabbccddeeff',
    name: 'alice',
    source: 'corp',
    kind: 'person',
    groups: ['Domain Users'],
    attributes: {
      upn: 'alice@mail.example',
      sid: 'S-1-5-21-1-2-3-1103',
      objectGuid: '33221100-5544-7766-8899-aabbccddeeff',
      distinguishedName: `CN=Alice,OU=People,${ROOT}`,
    },
    lookup: 'live',
  })
  await ask('a*)(cn=\0')
  assert.match(asked.at(-1)?.filter ?? '', /\(sAMAccountName=a\\2a\\29\\28cn=\\00\)/)
})

test('fail/what the server folds into the name is not the name', async () => {
  for (const name of ['älice', 'ａlice', 'alıce', 'alice ', 'alicE\u200b'])
    assert.equal((await house([person('X', { sAMAccountName: name })]).ask('alice')).kind, 'not-found', name)
  const principal = person('X', { sAMAccountName: 'x', userPrincipalName: 'alice@mail.example' })
  assert.equal((await house([principal]).ask('alice', 'alice@other.example')).kind, 'not-found')
  assert.equal((await house([principal]).ask('alice', 'ALICE@mail.example')).kind, 'found')
})

test('fail/several accounts of one name: none of them', async () => {
  const one = person('One', { userPrincipalName: 'alice@mail.example', sAMAccountName: 'other' })
  const both = await house([one, person('Two')]).ask('alice', 'alice@mail.example')
  assert.deepEqual(both, {
    kind: 'ambiguous',
    accounts: [`CN=One,OU=People,${ROOT}`, `CN=Two,OU=People,${ROOT}`],
  })
  const computers = [
    person('A', { dNSHostName: 'pc1.example.org' }),
    person('B', { dNSHostName: 'PC1.example.org' }),
  ]
  assert.equal((await house(computers).ask('host/pc1.example.org')).kind, 'ambiguous')
})

test('fail/a computer whose dNSHostName says otherwise is not found by its account name', async () => {
  const values = { sAMAccountName: 'pc1$', dNSHostName: 'dc1.example.org' }
  assert.equal((await house([person('PC1', values)]).ask('host/pc1.example.org')).kind, 'not-found')
  assert.equal(
    (await house([person('PC1', { sAMAccountName: 'PC1$' })]).ask('host/pc1.example.org')).kind,
    'found',
  )
})

test('fail/what may not be read never passes for nothing', async () => {
  for (const name of ['userAccountControl', 'objectSid', 'objectGUID']) {
    const answer = await house([person('Alice', { [name]: [] })]).ask('alice')
    assert.ok(answer.kind === 'unavailable' && answer.why.includes(`may not read ${name}`), name)
  }
  const none = { kind: 'entries', entries: [], server: 'dc1' } as const
  assert.equal((await house([person('Alice')], { token: none }).ask('alice')).kind, 'unavailable')
  const refused = { kind: 'refused', code: 50, message: '', server: 'dc1' } as const
  for (const more of [{ token: refused }, { groups: refused }])
    assert.equal((await house([person('Alice')], more).ask('alice')).kind, 'unavailable')
})

test('ok/a group of another domain keeps its SID for a name, and is in no group DN', async () => {
  const groups = { kind: 'entries', entries: [], server: 'dc1' } as const
  const made = house([person('Alice')], { groups })
  const found = await made.ask('alice')
  assert.deepEqual(found.kind === 'found' && found.account.user.groups, ['S-1-5-21-1-2-3-513'])
  assert.equal((await made.ask('alice', 'alice', { groupDn: `CN=Users,${ROOT}` })).kind, 'outside-group')
})

test('fail/rights that are missing are named, with what follows and what to do', async () => {
  const settings = ldapSourceSchema.parse({
    name: 'corp',
    kind: 'ldap',
    baseDn: ROOT,
    bindDn: `CN=svc,${ROOT}`,
  })
  const guest: Values = { objectSid: sid('f5010000'), userAccountControl: '66082', adminCount: '1' }
  const none = { kind: 'entries', entries: [], server: 'dc1' } as const
  const steps = await checkServiceAccountRights(
    house([['CN=Guest', guest]], { token: none }),
    settings as LdapSourceConfiguration,
  )
  const outcomes = Object.fromEntries(steps.map(({ what, outcome }) => [what, outcome]))
  assert.equal(outcomes.userAccountControl, 'ok')
  assert.equal(outcomes.accountExpires, 'failed')
  assert.equal(outcomes.badPwdCount, 'warning')
  assert.equal(outcomes.tokenGroups, 'failed')
  assert.equal(outcomes['groups of the service account'], 'warning')
  for (const { outcome, cure, what } of steps)
    if (outcome === 'failed') assert.match(cure ?? '', /RAS and IAS/, what)
})

test('ok/a session of who logged in by another attribute is found by the name of the account', async () => {
  const { ask } = house([person('Alice', { mail: 'alice.smith@mail.example' })])
  const userAttributes = ['mail']
  const typed = await ask('alice.smith', 'alice.smith@mail.example', { userAttributes })
  assert.ok(typed.kind === 'found')
  const { name } = typed.account.user
  assert.equal((await ask(name, name, { userAttributes })).kind, 'not-found')
  assert.equal((await ask(name, name, { userAttributes }, { isOwnName: true })).kind, 'found')
})

test('fail/the name of an account says in which domain it is', async () => {
  const found = await house([person('Alice')]).ask('alice')
  assert.equal(found.kind === 'found' && found.account.domain, 'EXAMPLE')
})

const ALICE_ID = '33221100-5544-7766-8899-aabbccddeeff'

test('ok/by id: whatever the account is called by now, person or computer', async () => {
  const { byId, asked } = house([person('Renamed', { sAMAccountName: 'alice.new' })])
  const found = await byId(ALICE_ID)
  assert.ok(found.kind === 'found')
  assert.deepEqual([found.account.user.name, found.account.user.kind], ['alice.new', 'person'])
  const question = asked.find(({ filter }) => filter.includes('objectGUID='))?.filter ?? ''
  assert.ok(
    question.includes(String.raw`(objectGUID=\00\11\22\33\44\55\66\77\88\99\aa\bb\cc\dd\ee\ff)`),
    question,
  )
  const machine = person('WS1', { sAMAccountName: 'WS1$', userAccountControl: '4096' })
  const computer = await house([machine]).byId(ALICE_ID.toUpperCase())
  assert.ok(computer.kind === 'found')
  assert.equal(computer.account.user.kind, 'computer')
})

test('fail/by id: another object than was asked for, a text that is no GUID, outside of the group', async () => {
  const other = person('Other', { objectGUID: fromHex('ff112233445566778899aabbccddeeff') })
  assert.equal((await house([other]).byId(ALICE_ID)).kind, 'not-found')
  const { byId, asked } = house([person('Alice')])
  for (const id of ['', 'alice', '*', `${ALICE_ID})(cn=*`])
    assert.equal((await byId(id)).kind, 'not-found', id)
  assert.equal(asked.length, 0)
  assert.equal((await byId(ALICE_ID, { groupDn: `CN=VPN,${ROOT}` })).kind, 'outside-group')
  const disabled = await house([person('Alice', { userAccountControl: '514' })]).byId(ALICE_ID)
  assert.equal(disabled.kind === 'found' && disabled.account.barred?.kind, 'disabled')
})
