import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toHex } from '@sallyport/bytes'
import { challengeHash } from '@sallyport/mschap'
import type { DirectoryAccount, FoundAccount } from '../ldap/account-lookup.ts'
import type { SourceShield } from '../shield/source-shield.ts'
import type { AuthenticationOutcome, IdentitySource, Proof } from '../source.ts'
import type { NtStatus } from './nt-status.ts'
import type { NtProof, WinbindAccount, WinbindAnswer, WinbindQuestions } from './winbind.ts'
import { WinbindSource, type WinbindSourceParts } from './winbind-source.ts'

const KEY = new Uint8Array(16).fill(7)
const ALICE: DirectoryAccount = {
  dn: 'CN=Alice,DC=lab,DC=test',
  user: { id: 'ad/1', name: 'alice', source: 'ad', groups: ['staff'], attributes: {} },
}
const V2 = {
  form: 'mschapv2',
  authenticatorChallenge: new Uint8Array(16).fill(1),
  peerChallenge: new Uint8Array(16).fill(2),
  ntResponse: new Uint8Array(24).fill(3),
  userName: 'LAB\\alice',
} as const
const CHANGE = { ...V2, encryptedPassword: new Uint8Array(516), encryptedHash: new Uint8Array(16) }

interface House {
  readonly found?: FoundAccount
  readonly answer?: WinbindAnswer<{ readonly userSessionKey: Uint8Array }>
  readonly change?: WinbindAnswer<object>
  readonly shield?: SourceShield
  readonly fresh?: FoundAccount
  readonly settings?: Partial<WinbindSourceParts['settings']>
}

function house({
  found = { kind: 'found', account: ALICE },
  answer = { kind: 'right', userSessionKey: KEY },
  change = { kind: 'right' },
  settings = {},
  shield,
  fresh = found,
}: House = {}) {
  const asked: { account: WinbindAccount; proof: NtProof }[] = []
  const winbind: WinbindQuestions = {
    check: async (account, proof) => {
      asked.push({ account, proof })
      return answer
    },
    changePassword: async () => change,
  }
  const delegated: Proof[] = []
  const directory: IdentitySource = {
    name: 'ad',
    kind: 'ldap',
    forms: new Set(['password', 'certificate']),
    authenticate: (_user, proof): AuthenticationOutcome => {
      delegated.push(proof)
      return { kind: 'authenticated', user: ALICE.user }
    },
    resolve: (): AuthenticationOutcome => ({ kind: 'authenticated', user: ALICE.user }),
  }
  const source = new WinbindSource({
    settings: { name: 'domain', hashedName: 'user', ...settings },
    directory,
    accounts: { byName: async (_user, _whole, how) => (how?.isFresh === true ? fresh : found) },
    ...(shield !== undefined && { shield }),
    groupDn: 'CN=VPN,DC=lab,DC=test',
    winbind,
  })
  const login = (proof: Proof = V2): Promise<AuthenticationOutcome> =>
    source.authenticate('alice', proof, { wholeName: 'LAB\\alice' })
  return { source, asked, delegated, login }
}

const refused = (status: NtStatus): House => ({ answer: { kind: 'refused', status } })

test('ok/MS-CHAPv2: the name is hashed without its domain, winbind is asked for the account that was found', async () => {
  const it = house()
  const outcome = await it.login()
  assert.ok(outcome.kind === 'authenticated')
  assert.deepEqual(outcome.user, { ...ALICE.user, source: 'domain' })
  assert.equal(outcome.ntHashHash, KEY)
  assert.equal(outcome.hashedUserName, 'alice')
  const [asked] = it.asked
  assert.deepEqual(asked?.account, { name: 'alice', domain: undefined })
  const challenge = challengeHash(V2.peerChallenge, V2.authenticatorChallenge, 'alice')
  assert.equal(toHex(asked?.proof.challenge ?? new Uint8Array()), toHex(challenge))
  assert.equal(it.asked.length, 1)
})

test('ok/hashedName: whole, domain, and MS-CHAPv1 with its own challenge', async () => {
  const it = house({ settings: { hashedName: 'whole', domain: 'LAB' } })
  const outcome = await it.login()
  assert.equal(outcome.kind === 'authenticated' && outcome.hashedUserName, 'LAB\\alice')
  assert.deepEqual(it.asked[0]?.account, { name: 'alice', domain: 'LAB' })
  const challenge = new Uint8Array(8).fill(9)
  const v1 = await it.login({ form: 'mschap', challenge, ntResponse: V2.ntResponse })
  assert.equal(v1.kind === 'authenticated' && v1.ntHashHash, KEY)
  assert.equal(it.asked[1]?.proof.challenge, challenge)
})

test('ok/passwords and certificates are the directory’s matter', async () => {
  const it = house()
  for (const proof of [
    { form: 'password', password: Uint8Array.of(1) },
    { form: 'certificate', fingerprint: '00' },
  ] as const) {
    const outcome = await it.login(proof)
    assert.equal(outcome.kind === 'authenticated' && outcome.user.source, 'domain')
  }
  assert.equal(it.delegated.length, 2)
  assert.equal(it.asked.length, 0)
  const again = await it.source.resolve('alice', { by: 'password', at: 0 }, { wholeName: 'alice' })
  assert.equal(again.kind === 'authenticated' && again.user.source, 'domain')
})

test('fail/whom the directory does not know is not asked of winbind', async () => {
  for (const [found, kind] of [
    [{ kind: 'not-found' }, 'not-found'],
    [{ kind: 'outside-group' }, 'outside-group'],
    [{ kind: 'ambiguous', accounts: ['a', 'b'] }, 'ambiguous'],
    [{ kind: 'unavailable', why: 'down' }, 'unavailable'],
  ] as const) {
    const it = house({ found })
    assert.equal((await it.login()).kind, kind)
    assert.equal((await it.source.changePassword('alice', CHANGE, { wholeName: 'alice' })).kind, kind)
    assert.equal(it.asked.length, 0)
  }
})

test('fail/who is barred stays out with the right password, and learns it only with it', async () => {
  const found: FoundAccount = { kind: 'found', account: { ...ALICE, barred: { kind: 'dial-in-denied' } } }
  assert.equal((await house({ found }).login()).kind, 'dial-in-denied')
  assert.equal(
    (await house({ found, ...refused('NT_STATUS_WRONG_PASSWORD') }).login()).kind,
    'wrong-password',
  )
  const card: FoundAccount = {
    kind: 'found',
    account: { ...ALICE, passwordBarred: { kind: 'smart-card-required' } },
  }
  assert.equal((await house({ found: card }).login()).kind, 'smart-card-required')
})

test('ok/a lock the directory still remembers does not outlive the domain controller’s yes', async () => {
  const found: FoundAccount = { kind: 'found', account: { ...ALICE, passwordBarred: { kind: 'locked' } } }
  assert.equal((await house({ found }).login()).kind, 'authenticated')
})

test('fail/each refusal of a domain controller is itself', async () => {
  const cases: readonly (readonly [NtStatus, AuthenticationOutcome['kind']])[] = [
    ['NT_STATUS_WRONG_PASSWORD', 'wrong-password'],
    ['NT_STATUS_LOGON_FAILURE', 'wrong-password'],
    ['NT_STATUS_ACCOUNT_LOCKED_OUT', 'locked'],
    ['NT_STATUS_ACCOUNT_DISABLED', 'disabled'],
    ['NT_STATUS_ACCOUNT_EXPIRED', 'account-expired'],
    ['NT_STATUS_PASSWORD_EXPIRED', 'password-expired'],
    ['NT_STATUS_PASSWORD_MUST_CHANGE', 'must-change-password'],
    ['NT_STATUS_INVALID_LOGON_HOURS', 'outside-logon-hours'],
    ['NT_STATUS_INVALID_WORKSTATION', 'workstation-denied'],
    ['NT_STATUS_ACCESS_DENIED', 'unavailable'],
  ]
  for (const [status, kind] of cases) assert.equal((await house(refused(status)).login()).kind, kind, status)
})

test('fail/silence of winbind is never a wrong password', async () => {
  const outcome = await house({ answer: { kind: 'unavailable', why: 'no answer' } }).login()
  assert.deepEqual(outcome, { kind: 'unavailable', why: 'no answer' })
})

test('fail/an account winbind does not know: gone since it was kept, else another domain’s', async () => {
  const unknown = refused('NT_STATUS_NO_SUCH_USER')
  const live = await house(unknown).login()
  assert.match(live.kind === 'unavailable' ? live.why : '', /its domain is another one/)
  const kept = { ...ALICE, user: { ...ALICE.user, lookup: 'cached' as const } }
  assert.equal(
    (await house({ ...unknown, found: { kind: 'found', account: kept } }).login()).kind,
    'not-found',
  )
})

test('fail/a wrong password tells how many are left, where that is known now', async () => {
  const budget = { failures: 2, threshold: 5, server: 'dc1' }
  const account = { ...ALICE, budget }
  const wrong = refused('NT_STATUS_WRONG_PASSWORD')
  assert.deepEqual(await house({ ...wrong, found: { kind: 'found', account } }).login(), {
    kind: 'wrong-password',
    failures: 3,
    lockoutThreshold: 5,
  })
})

test('a new password: the response made with it is checked after the domain took it', async () => {
  const it = house()
  const changed = await it.source.changePassword('alice', CHANGE, { wholeName: 'alice' })
  assert.equal(changed.kind === 'authenticated' && changed.ntHashHash, KEY)
  assert.equal(it.asked.length, 1)
  for (const [status, kind] of [
    ['NT_STATUS_PASSWORD_RESTRICTION', 'change-refused'],
    ['NT_STATUS_ACCESS_DENIED', 'change-refused'],
    ['NT_STATUS_WRONG_PASSWORD', 'wrong-password'],
    ['NT_STATUS_ACCOUNT_LOCKED_OUT', 'locked'],
  ] as const) {
    const other = house({ change: { kind: 'refused', status } })
    const outcome = await other.source.changePassword('alice', CHANGE, { wholeName: 'alice' })
    assert.equal(outcome.kind, kind, status)
    assert.equal(other.asked.length, 0)
  }
})

test('fail/what the shield stops reaches no domain controller, neither a login nor a new password', async () => {
  const stopped: AuthenticationOutcome = { kind: 'wrong-password' }
  const it = house({ shield: { attempt: async () => stopped }, change: { kind: 'right' } })
  assert.equal(await it.login(), stopped)
  assert.equal(await it.source.changePassword('alice', CHANGE, { wholeName: 'alice' }), stopped)
  assert.equal(it.asked.length, 0)
})

test('ok/what was kept against an account the domain controller takes is looked up anew', async () => {
  const user = { ...ALICE.user, lookup: 'cached' as const }
  const found: FoundAccount = { kind: 'found', account: { ...ALICE, user, barred: { kind: 'disabled' } } }
  const now: FoundAccount = { kind: 'found', account: ALICE }
  assert.equal((await house({ found, fresh: now }).login()).kind, 'authenticated')
  assert.equal((await house({ found, fresh: found }).login()).kind, 'disabled')
  assert.equal(
    (await house({ found, fresh: { kind: 'unavailable', why: 'down' } }).login()).kind,
    'unavailable',
  )
})

test('fail/winbind is asked in the domain of the account that was found, not in that of this machine', async () => {
  const found = { kind: 'found', account: { ...ALICE, domain: 'LAB' } } as const
  const it = house({ found })
  await it.login()
  assert.deepEqual(it.asked[0]?.account, { name: 'alice', domain: 'LAB' })
  const told = house({ found, settings: { domain: 'OTHER' } })
  await told.login()
  assert.deepEqual(told.asked[0]?.account, { name: 'alice', domain: 'OTHER' })
})
