import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { fromUtf8 } from '@sallyport/bytes'
import { skipReason } from '@sallyport/lab/debian'
import { Network, namespaceObstacle } from '@sallyport/lab/network'
import { temporaryFolder } from '@sallyport/lab/process'
import { COMPUTER, PEOPLE, type PersonName, STRICT_LOCKOUT_THRESHOLD } from '@sallyport/lab/samba/people'
import { DomainController, SAMBA_PACKAGES } from '@sallyport/lab/samba-domain'
import { type LdapSourceConfiguration, ldapSourceSchema } from '../src/config/sections/sources/ldap.ts'
import { ActiveDirectory } from '../src/identity/ldap/active-directory/active-directory.ts'
import { Directories } from '../src/identity/ldap/directories.ts'
import { LdapSource } from '../src/identity/ldap/ldap-source.ts'
import type { AuthenticationOutcome, Proof } from '../src/identity/source.ts'
import type { CertificateNameFacts } from '../src/policy/facts.ts'

const skip = namespaceObstacle() ?? skipReason(...SAMBA_PACKAGES)
const ADDRESS = '10.88.0.2'

/** A certificate that names nobody yet. */
const CERTIFICATE: CertificateNameFacts = {
  ...{ subject: 'CN=Somebody,O=Example', issuer: 'CN=Example CA,DC=example,DC=org', serial: '0a0b0c' },
  ...{ fingerprint: 'f1', notAfter: '2030-01-01T00:00:00Z', extendedKeyUsages: [] },
  ...{ dnsNames: [], upns: [], emails: [] },
}

describe('Active Directory (Samba)', { skip, timeout: 120_000 }, () => {
  const folder = temporaryFolder('sp-ad-')
  const directories = new Directories()
  const disposables = new AsyncDisposableStack()
  let controller: DomainController
  let url = ''

  before(async () => {
    const network = disposables.use(new Network('dc'))
    network.ip('dc', 'address', 'add', `${ADDRESS}/32`, 'dev', 'lo')
    controller = disposables.use(
      await DomainController.start({ network, host: 'dc', addresses: [ADDRESS], folder: folder.path }),
    )
    url = `ldaps://127.0.0.1:${(await controller.door()).port}`
  })
  after(async () => {
    directories.close()
    await disposables.disposeAsync()
    folder[Symbol.dispose]()
  })

  function source(settings: Partial<LdapSourceConfiguration> = {}): LdapSource {
    const parsed = ldapSourceSchema.parse({
      ...{ name: 'corp', kind: 'ldap', servers: [url], baseDn: controller.baseDn },
      ...{ bindDn: controller.service.name, bindPassword: controller.service.password },
      authorities: readFileSync(controller.ca.certificate, 'utf8'),
      serverName: controller.name,
      ...settings,
    }) as LdapSourceConfiguration // secrets are given in plain text
    return new LdapSource({
      settings: parsed,
      directory: directories.of(parsed),
      type: new ActiveDirectory(),
    })
  }

  async function ask(made: LdapSource, wholeName: string, proof: Proof): Promise<AuthenticationOutcome> {
    const user = /^host\//.test(wholeName) ? wholeName : wholeName.replace(/^.*\\|@.*$/g, '')
    return await made.authenticate(user, proof, { wholeName })
  }

  const login = (
    wholeName: string,
    password: string = PEOPLE.alice.password,
    made = source(),
  ): Promise<AuthenticationOutcome> =>
    ask(made, wholeName, { form: 'password', password: fromUtf8(password) })

  const certified = (
    wholeName: string,
    names: Partial<CertificateNameFacts>,
    made = source(),
  ): Promise<AuthenticationOutcome> =>
    ask(made, wholeName, { form: 'certificate', fingerprint: 'f1', names: { ...CERTIFICATE, ...names } })

  async function sidOf(name: string, made = source({ certificateMapping: 'compatible' })): Promise<string> {
    const outcome = await certified(name, {}, made)
    assert.ok(outcome.kind === 'authenticated', JSON.stringify(outcome))
    return outcome.user.attributes.sid ?? ''
  }

  test('ok/every form of a name finds the one account, with nested groups, primary group and facts', async () => {
    for (const name of ['alice', 'ALICE', 'LAB\\alice', 'ad.lab.test\\alice', 'alice@ad.lab.test']) {
      const outcome = await login(name)
      assert.ok(outcome.kind === 'authenticated', `${name}: ${JSON.stringify(outcome)}`)
      const { user } = outcome
      assert.deepEqual(
        [user.name, user.kind, user.groups],
        ['alice', 'person', ['Domain Users', 'Users', 'VPN Nested', 'VPN Users']],
      )
      assert.match(user.id, /^corp\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
      assert.match(user.attributes.sid ?? '', /^S-1-5-21-\d+-\d+-\d+-\d+$/)
      const { mail, department, upn, distinguishedName } = user.attributes
      assert.deepEqual(
        [mail, department, upn, distinguishedName],
        ['alice@lab.test', 'Research', 'alice@ad.lab.test', controller.person('alice').dn],
      )
    }
  })

  test('fail/another domain, a wrong password, names that only look like one', async () => {
    assert.equal((await login('OTHER\\alice')).kind, 'not-found')
    assert.equal((await login('alice', 'wrong')).kind, 'wrong-password')
    assert.equal((await login('bob', PEOPLE.alice.password)).kind, 'authenticated')
    for (const name of ['ali*', 'alice)(cn=*', 'älice', 'ａlice', 'alice$', 'nobody', 'CN=alice'])
      assert.equal((await login(name)).kind, 'not-found', name)
    assert.equal((await login('o(d)d')).kind, 'authenticated')
    await controller.unlock(controller.person('alice').dn)
  })

  test('ok/direct groups alone, a group DN, a container of groups', async () => {
    const direct = await login('alice', undefined, source({ groups: { nested: false } }))
    assert.deepEqual(direct.kind === 'authenticated' && direct.user.groups, ['Domain Users', 'VPN Nested'])
    const groups = `OU=Groups,${controller.baseDn}`
    for (const groupDn of [groups, `cn=vpn users, ${groups}`]) {
      assert.equal((await login('alice', undefined, source({ groupDn }))).kind, 'authenticated')
      assert.equal((await login('carol', undefined, source({ groupDn }))).kind, 'outside-group')
    }
  })

  test('fail/every account state is told to whoever has the right password, and to nobody else', async () => {
    const states: [PersonName, AuthenticationOutcome['kind']][] = [
      ['disabled', 'disabled'],
      ['expired', 'account-expired'],
      ['mustChange', 'must-change-password'],
      ['oldPassword', 'password-expired'],
      ['outsideHours', 'outside-logon-hours'],
    ]
    for (const [person, kind] of states) {
      const { name, password } = PEOPLE[person]
      assert.equal((await login(name, password)).kind, kind, name)
      assert.equal((await login(name, 'wrong')).kind, 'wrong-password', `${name}, wrong password`)
    }
  })

  test('ok/dial-in permission counts where the source says so', async () => {
    const honouring = source({ accountRules: { dialIn: 'honour' } })
    assert.equal((await login('dora.denied')).kind, 'authenticated')
    assert.equal((await login('dora.denied', undefined, honouring)).kind, 'dial-in-denied')
    assert.equal((await login('dora.denied', 'wrong', honouring)).kind, 'wrong-password')
    assert.equal((await login('ally.allowed', undefined, honouring)).kind, 'authenticated')
    assert.equal((await login('bob', undefined, honouring)).kind, 'authenticated')
  })

  test('ok/a locked account is told from a wrong password; a certificate does not care', async () => {
    const { upn, dn } = controller.person('locked')
    await controller.failPassword(upn)
    const locked = await login('lou.locked')
    assert.ok(locked.kind === 'locked' && locked.until !== undefined, JSON.stringify(locked))
    const sid = await sidOf('lou.locked')
    assert.equal((await certified('lou.locked', { sid })).kind, 'authenticated')
    await controller.unlock(dn)
    assert.equal((await login('lou.locked')).kind, 'authenticated')
  })

  test('ok/the budget of bad passwords, of the domain and of a password settings object', async () => {
    const first = await login('bob', 'wrong')
    assert.deepEqual(first, { kind: 'wrong-password', failures: 1, lockoutThreshold: 5 })
    const second = await login('bob', 'wrong')
    assert.deepEqual(second, { kind: 'wrong-password', failures: 2, lockoutThreshold: 5 })
    // By default a plain service account sees the domain's settings alone.
    const strict = await login('stella.strict', 'wrong')
    assert.deepEqual(strict, { kind: 'wrong-password', failures: 1, lockoutThreshold: 5 })
    const bindDn = `Administrator@${controller.domain}`
    const mighty = source({ bindDn, bindPassword: controller.administratorPassword })
    const known = await login('stella.strict', 'wrong', mighty)
    const lockoutThreshold = STRICT_LOCKOUT_THRESHOLD
    assert.deepEqual(known, { kind: 'wrong-password', failures: 2, lockoutThreshold })
  })

  test('ok/computers by host/name.domain and NAME$, never as persons', async () => {
    for (const name of [`host/${COMPUTER.dnsName}`, 'HOST/WS1.ad.lab.test', 'ws1$', 'LAB\\WS1$']) {
      const outcome = await login(name.replace('HOST', 'host'), COMPUTER.password)
      assert.ok(outcome.kind === 'authenticated', `${name}: ${JSON.stringify(outcome)}`)
      assert.deepEqual([outcome.user.name, outcome.user.kind], ['WS1$', 'computer'])
      assert.ok(outcome.user.groups.includes('Workstations'))
    }
    for (const name of ['WS1', 'host/alice.ad.lab.test', 'host/ws1.other.test', 'host/', 'host/ws1*'])
      assert.equal((await login(name, COMPUTER.password)).kind, 'not-found', name)
  })
})
