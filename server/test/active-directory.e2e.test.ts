import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fromUtf8 } from '@sallyport/bytes'
import { issue, type LabCa, type LeafOptions, makeCa } from '@sallyport/lab/certificates'
import { skipReason } from '@sallyport/lab/debian'
import { eapolTest } from '@sallyport/lab/eapol-test'
import { Network, namespaceObstacle } from '@sallyport/lab/network'
import { temporaryFolder } from '@sallyport/lab/process'
import { type Sallyport, startSallyport } from '@sallyport/lab/sallyport'
import {
  COMPUTER,
  PEOPLE,
  type PersonName,
  STRICT_LOCKOUT_THRESHOLD,
  userEntry,
} from '@sallyport/lab/samba/people'
import { DomainController, SAMBA_PACKAGES } from '@sallyport/lab/samba-domain'
import { until } from '@sallyport/lab/until'
import { type LdapSourceConfiguration, ldapSourceSchema } from '../src/config/sections/sources/ldap.ts'
import { enrolmentIdentity } from '../src/enrolment/registration/enrolment-identity.ts'
import { ActiveDirectory } from '../src/identity/ldap/active-directory/active-directory.ts'
import { checkServiceAccountRights } from '../src/identity/ldap/active-directory/service-account-rights.ts'
import { Directories } from '../src/identity/ldap/directories.ts'
import { LdapSource } from '../src/identity/ldap/ldap-source.ts'
import type { AuthenticationOutcome, Proof } from '../src/identity/source.ts'
import type { CertificateNameFacts } from '../src/policy/facts.ts'

const skip = namespaceObstacle() ?? skipReason(...SAMBA_PACKAGES, 'eapoltest')
// The address of all suites: one of them provisions the domain, the others copy it.
const ADDRESS = '10.78.0.10'

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

  function parse(settings: Partial<LdapSourceConfiguration>): LdapSourceConfiguration {
    return ldapSourceSchema.parse({
      ...{ name: 'corp', kind: 'ldap', servers: [url], baseDn: controller.baseDn },
      ...{ bindDn: controller.service.name, bindPassword: controller.service.password },
      authorities: readFileSync(controller.ca.certificate, 'utf8'),
      serverName: controller.name,
      ...settings,
    }) as LdapSourceConfiguration // secrets are given in plain text
  }

  function source(settings: Partial<LdapSourceConfiguration> = {}): LdapSource {
    const parsed = parse(settings)
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

  test('fail/a service account that is refused: silence, with what to do about it', async () => {
    const refused: [Partial<LdapSourceConfiguration>, RegExp][] = [
      [{ bindPassword: 'wrong' }, /wrong name or password: check bindPassword, and bindDn/],
      [{ bindDn: 'svc sallyport' }, /must be the whole DN .*, user@domain or DOMAIN\\user/],
      [
        { bindDn: controller.person('disabled').upn, bindPassword: PEOPLE.disabled.password },
        /account is disabled: /,
      ],
    ]
    for (const [settings, why] of refused) {
      const outcome = await login('alice', undefined, source(settings))
      assert.ok(outcome.kind === 'unavailable', JSON.stringify(outcome))
      assert.equal(outcome.cause, 'service-account-refused')
      assert.match(outcome.why, why)
    }
    const { port } = await controller.door(389)
    const clear = source({ servers: [`ldap://127.0.0.1:${port}`], allowUnencrypted: true })
    const outcome = await login('alice', undefined, clear)
    assert.ok(outcome.kind === 'unavailable', JSON.stringify(outcome))
    assert.match(outcome.why, /strongerAuthRequired .*use ldaps:\/\/ or startTls/)
    const starttls = source({ servers: [`ldap://127.0.0.1:${port}`], startTls: true })
    assert.equal((await login('alice', undefined, starttls)).kind, 'authenticated')
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
    // By default a plain service account sees that there is an object, and not what it says.
    const strict = await login('stella.strict', 'wrong')
    assert.deepEqual(strict, { kind: 'wrong-password' })
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

  test('fail/simple: the account that was bound is the one that comes in, and no other of that name', async () => {
    const password = 'An0ther-Passw0rd'
    const other = { name: 'other.paul', where: 'OU=RD1,OU=People', password }
    const entry = userEntry({ ...other, also: ['userPrincipalName: paul@alt.example'] })
    // Its CN and its UPN are the account name of somebody else.
    await controller.ldif(
      entry.replace('CN=other.paul', 'CN=paul').replace('userPrincipalName: other.paul@ad.lab.test\n', ''),
    )
    const bound = (userDn: string): LdapSource => source({ bindMode: 'simple', userDn })
    const people = `OU=People,${controller.baseDn}`
    const byDn = `CN={user},OU=RD1,${people}`
    for (const userDn of [byDn, '{user}@ad.lab.test', 'LAB\\{user}'])
      assert.equal((await login('alice', undefined, bound(userDn))).kind, 'authenticated', userDn)
    for (const userDn of [byDn, '{user}@alt.example'])
      assert.equal((await login('paul', password, bound(userDn))).kind, 'ambiguous', userDn)
    assert.equal((await login('paul', undefined, bound('LAB\\{user}'))).kind, 'authenticated')
    assert.equal((await login('paul', password, bound('LAB\\{user}'))).kind, 'wrong-password')
  })

  test('fail/a certificate of another holder; a session by a password that was changed since', async () => {
    const sid = await sidOf('bob')
    const names = { ...CERTIFICATE, sid }
    const proof = { form: 'certificate', fingerprint: 'f1', names } as const
    assert.equal((await ask(source(), 'bob', proof)).kind, 'authenticated')
    assert.equal((await ask(source(), 'bob', { ...proof, holder: 'id-of-a-local-bob' })).kind, 'other-holder')
    const resolve = async (at: number) =>
      (await source().resolve?.('bob', { by: 'password', at }, { wholeName: 'bob' }))?.kind
    assert.equal(await resolve(Date.now() + 60_000), 'authenticated')
    assert.equal(await resolve(Date.parse('2020-01-01T00:00:00Z')), 'password-changed')
  })

  test('ok/by id: a person and a computer as certificates name them, with their own SIDs and nobody else', async () => {
    const realms = [{ name: 'ad', default: true, suffixes: ['ad.lab.test'], sources: [source().name] }]
    for (const [name, kind, password] of [
      ['alice', 'person', undefined],
      [`host/${COMPUTER.dnsName}`, 'computer', COMPUTER.password],
    ] as const) {
      const outcome = await login(name, password)
      assert.ok(outcome.kind === 'authenticated', JSON.stringify(outcome))
      const found = await source().byId?.(outcome.user.id)
      assert.ok(found?.kind === 'authenticated', JSON.stringify(found))
      const identity = enrolmentIdentity(found.user, 'active-directory', realms)
      assert.deepEqual(identity, enrolmentIdentity(outcome.user, 'active-directory', realms))
      assert.deepEqual([identity.kind, identity.sid], [kind, await sidOf(name)])
      assert.equal(identity.dnsName, kind === 'computer' ? COMPUTER.dnsName.toLowerCase() : undefined)
    }
    const nobody = `${source().name}/00000000-0000-0000-0000-000000000000`
    assert.deepEqual(await source().byId?.(nobody), { kind: 'not-found' })
  })

  test('ok/the rights of the service account: enough as a plain user, too many as an administrator', async () => {
    const outcomes = async (settings: Partial<LdapSourceConfiguration>): Promise<Record<string, string>> => {
      const parsed = parse(settings)
      const steps = await checkServiceAccountRights(directories.of(parsed), parsed)
      return Object.fromEntries(steps.map(({ what, outcome, detail }) => [what, `${outcome} ${detail}`]))
    }
    const plain = await outcomes({ accountRules: { dialIn: 'honour' } })
    const bad = Object.entries(plain).filter(([, text]) => !/^(ok|skipped)/.test(text))
    assert.deepEqual(bad, [])
    assert.match(plain.tokenGroups ?? '', /^ok may be read: \d+ groups of CN=Guest/)
    assert.match(plain['rights to change accounts'] ?? '', /^ok none/)
    assert.match(plain['password settings objects'] ?? '', /^skipped none can be seen/)
    const bindDn = `Administrator@${controller.domain}`
    const mighty = await outcomes({ bindDn, bindPassword: controller.administratorPassword })
    assert.match(
      mighty['rights to change accounts'] ?? '',
      /^warning .* may change \d{2,} attributes of CN=Guest/,
    )
    assert.match(mighty['groups of the service account'] ?? '', /^warning .*Administrators, Domain Admins/)
    assert.match(mighty['password settings objects'] ?? '', /^ok 1 may be read/)
  })

  describe('EAP-TLS with certificates of OpenSSL', () => {
    let ca: LabCa
    let server: Sallyport
    let sids: Record<'alice' | 'bob' | 'computer', string>
    let count = 0
    const domain = 'ad.lab.test'
    const upn = (name: string): string => `otherName:1.3.6.1.4.1.311.20.2.3;UTF8:${name}`
    const sidUri = (sid: string): string => `tag:microsoft.com,2022-09-14:sid:${sid}`

    before(async () => {
      ca = makeCa(join(folder.path, 'clients'), 'Lab Client CA')
      const data = join(folder.path, 'data')
      mkdirSync(data)
      server = disposables.use(await startSallyport({ data, args: ['--bind', '127.0.0.1'] }))
      sids = {
        alice: await sidOf('alice'),
        bob: await sidOf('bob'),
        computer: await sidOf(`host/${COMPUTER.dnsName}`),
      }
      await apply('strong')
    })

    async function apply(certificateMapping: 'strong' | 'compatible'): Promise<void> {
      const { service, baseDn, name, ca: authority } = controller
      const directory = {
        ...{ name: 'corp', kind: 'ldap', servers: [url], baseDn, serverName: name, certificateMapping },
        ...{ bindDn: service.name, bindPassword: service.password },
        ...{ authorities: readFileSync(authority.certificate, 'utf8'), cache: { minutes: 0 } },
      }
      const pem = readFileSync(ca.certificate, 'utf8')
      await server.apply(
        JSON.stringify({
          settings: { serverName: 'radius.lab.test' },
          clients: [{ name: 'ap', address: '127.0.0.1', secret: 'secret-of-the-ap' }],
          sources: [{ name: 'local', kind: 'local' }, directory],
          realms: [{ name: 'corp', suffixes: [domain], sources: ['local', 'corp'] }],
          trust: [
            { name: 'enterprise', kind: 'pem', pem, revocation: { check: 'none' } },
            { name: 'own', kind: 'own' },
          ],
          certificateTemplates: [
            { name: 'user', enrol: { groups: ['VPN Users'] } },
            { name: 'computer', base: 'computer', enrol: { groups: ['Workstations'] } },
          ],
          rules: [
            {
              name: 'machines',
              when: 'user.kind == "computer" && "Workstations" in user.groups',
              effect: 'accept',
            },
            { name: 'people', when: 'user.kind == "person" && "VPN Users" in user.groups', effect: 'accept' },
          ],
        }),
      )
    }

    async function logIn(names: Partial<LeafOptions>, identity?: string) {
      const made = issue(ca, `client-${++count}`, { commonName: 'Somebody', ...names })
      return await logInWith(made, identity)
    }

    async function logInWith(
      made: { readonly certificate: string; readonly key: string },
      identity = `anonymous@${domain}`,
    ) {
      count += 1
      const mac = `02:00:00:00:0a:${count.toString(16).padStart(2, '0')}`
      const { success } = await eapolTest({
        network: [
          ...['eap=TLS', `identity="${identity}"`],
          ...[`client_cert="${made.certificate}"`, `private_key="${made.key}"`],
        ],
        ...{ folder: folder.path, mac, seconds: 5 },
        server: { port: server.authPort, secret: 'secret-of-the-ap' },
      })
      const receipt = await until(`the receipt of ${mac}`, async () => {
        const rows = await server.api.receipts({ limit: '500' })
        return rows.find((row) => row.callingStationId?.toLowerCase() === mac.replaceAll(':', '-'))
      })
      return success ? `${receipt.user} by ${receipt.rule}` : receipt.reason
    }

    test('ok/strong: who has the SID of the account, in the extension or as a URI', async () => {
      const san = upn(`alice@${domain}`)
      assert.equal(await logIn({ subjectAltName: san, sid: sids.alice }), 'alice by people')
      assert.equal(await logIn({ subjectAltName: san, uris: [sidUri(sids.alice)] }), 'alice by people')
      const machine = { subjectAltName: `DNS:${COMPUTER.dnsName}`, sid: sids.computer }
      assert.equal(await logIn(machine, `host/${COMPUTER.dnsName}`), 'WS1$ by machines')
    })

    test('ok/strong: a person and a computer with certificates of the own CA, by template', async () => {
      const [out, csr, key] = ['own', 'ws1.csr', 'ws1.key'].map((file) => join(folder.path, file)) as [
        string,
        string,
        string,
      ]
      const person = await server.cli('certificates', 'issue', '--user', `alice@${domain}`, '--out', out)
      assert.equal(person.code, 0, person.output)
      const files = (name: string) => ({
        certificate: join(out, `${name}.pem`),
        key: join(out, `${name}.key`),
      })
      const alice = files(`alice@${domain}`.replace('@', '_'))
      assert.equal(await logInWith(alice), 'alice by people')
      const text = execFileSync('openssl', ['x509', '-noout', '-text', '-in', alice.certificate], {
        encoding: 'utf8',
      })
      assert.ok(text.includes(sids.alice), text)

      execFileSync(
        'openssl',
        ['req', '-new', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=x', '-keyout', key, '-out', csr],
        { stdio: 'ignore' },
      )
      const certificate = join(folder.path, 'ws1.pem')
      const ask = (...words: string[]) =>
        server.cli('certificates', 'request', '--csr', csr, '--out', certificate, ...words)
      const host = `host/${COMPUTER.dnsName}`
      const unfit = await ask('--user', host, '--template', 'user')
      assert.match(
        unfit.output,
        /is for accounts of kind person; the request is for an account of kind computer/,
      )
      const computer = await ask('--user', host, '--template', 'computer')
      assert.equal(computer.code, 0, computer.output)
      assert.equal(await logInWith({ certificate, key }, host), 'WS1$ by machines')
    })

    test('fail/strong: no SID, the SID of another, the extension against the URI, two URIs', async () => {
      const san = upn(`alice@${domain}`)
      const other = 'certificate-of-other-account'
      assert.equal(await logIn({ subjectAltName: san }), 'certificate-mapping-weak')
      assert.equal(await logIn({ subjectAltName: san, sid: sids.bob }), other)
      assert.equal(
        await logIn({ subjectAltName: san.toUpperCase().replace(/^OTHERNAME/, 'otherName'), sid: sids.bob }),
        other,
      )
      assert.equal(await logIn({ subjectAltName: san, uris: [sidUri(sids.alice)], sid: sids.bob }), other)
      const uris = [sidUri(sids.alice), sidUri(sids.bob)]
      assert.equal(await logIn({ subjectAltName: san, uris }), other)
      assert.equal(
        await logIn({ subjectAltName: `${upn(`alice@${domain}`)},${upn(`bob@${domain}`)}`, sid: sids.bob }),
        'certificate-no-mapping',
      )
      assert.equal(await logIn({ subjectAltName: `email:alice@${domain}` }), 'certificate-mapping-weak')
      const machine = { subjectAltName: `DNS:${COMPUTER.dnsName}` }
      assert.equal(await logIn(machine), 'certificate-mapping-weak')
      assert.equal(await logIn({ ...machine, sid: sids.alice }), other)
      const posing = { subjectAltName: upn(`WS1$@${domain}`), sid: sids.alice }
      assert.equal(await logIn(posing), other)
    })

    test('ok/an entry of altSecurityIdentities by issuer and serial number; a weak one is not enough', async () => {
      const { dn } = controller.person('alice')
      const made = issue(ca, 'explicit', { commonName: 'Alice', subjectAltName: upn(`alice@${domain}`) })
      const { serialNumber } = new X509Certificate(readFileSync(made.certificate))
      const reversed = (serialNumber.match(/../g) ?? []).toReversed().join('')
      const attempt = async (): Promise<string> => {
        const mac = `02:00:00:00:0b:${(++count).toString(16).padStart(2, '0')}`
        const network = [
          ...['eap=TLS', `identity="alice@${domain}"`],
          ...[`client_cert="${made.certificate}"`, `private_key="${made.key}"`],
        ]
        const server_ = { port: server.authPort, secret: 'secret-of-the-ap' }
        const { success } = await eapolTest({
          network,
          folder: folder.path,
          mac,
          seconds: 5,
          server: server_,
        })
        return success ? 'in' : 'out'
      }
      await controller.change(dn, 'altSecurityIdentities', `X509:<RFC822>alice@${domain}`)
      assert.equal(await attempt(), 'out')
      await controller.change(dn, 'altSecurityIdentities', `X509:<I>O=Lab,CN=Lab Client CA<SR>${reversed}`)
      assert.equal(await attempt(), 'in')
      await controller.change(dn, 'altSecurityIdentities')
      assert.equal(await attempt(), 'out')
    })

    test('ok/compatible: the name is enough, the SID of another never is', async () => {
      await apply('compatible')
      const san = upn(`alice@${domain}`)
      assert.equal(await logIn({ subjectAltName: san }), 'alice by people')
      assert.equal(await logIn({ subjectAltName: san, sid: sids.bob }), 'certificate-of-other-account')
      assert.equal(await logIn({ subjectAltName: `DNS:${COMPUTER.dnsName}` }), 'WS1$ by machines')
    })
  })
})
