/**
 * The unattended first enrolment of a domain computer: a Kerberos ticket of a Samba domain, curl --negotiate, and ntlm_auth on a
 * host that is a member; then a login with the certificate.
 */
import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { skipReason } from '@sallyport/lab/debian'
import { eapolTest } from '@sallyport/lab/eapol-test'
import { Network, namespaceObstacle } from '@sallyport/lab/network'
import { runToEnd, temporaryFolder } from '@sallyport/lab/process'
import { type Sallyport, startSallyport } from '@sallyport/lab/sallyport'
import { COMPUTER } from '@sallyport/lab/samba/people'
import { DomainController, SAMBA_PACKAGES } from '@sallyport/lab/samba-domain'
import { DomainMember } from '@sallyport/lab/samba-member'
import { until } from '@sallyport/lab/until'
import { WindowsClient } from './windows-client.ts'

const skip =
  skipReason(
    ...SAMBA_PACKAGES,
    ...(['krb5-user', 'eapoltest', 'curl', 'python3-lxml', 'python3-asn1crypto'] as const),
  ) ||
  (namespaceObstacle() ?? false)
// The address of all suites: one of them provisions the domain, the others copy it.
const CONTROLLER = '10.78.0.10'
const MEMBER = '10.78.0.2'
const SECRET = 'secret-of-the-switch'
const CEP = 'ADPolicyProvider_CEP_Kerberos'
const CES = 'Sallyport_CES_Kerberos'

describe('Windows auto-enrolment by Kerberos', { skip }, () => {
  const parts = new AsyncDisposableStack()
  let folder = ''
  let network: Network
  let controller: DomainController
  let member: DomainMember
  let server: Sallyport
  let host = ''
  let computer: WindowsClient
  let person: WindowsClient

  before(async () => {
    folder = parts.use(temporaryFolder('wkb-')).path
    network = parts.use(new Network('dc', 'radius'))
    network.cable(
      { host: 'dc', port: 'eth0', address: `${CONTROLLER}/24` },
      { host: 'radius', port: 'eth0', address: `${MEMBER}/24` },
    )
    controller = parts.use(
      await DomainController.start({ network, host: 'dc', addresses: [CONTROLLER], folder: `${folder}/dc` }),
    )
    host = `radius1.${controller.domain}`
    member = parts.use(
      await DomainMember.join({
        ...{ network, host: 'radius', interfaces: 'eth0', controller, hosts: [`${MEMBER} ${host}`] },
        ...{ controllerAddress: CONTROLLER, folder: `${folder}/member` },
      }),
    )
    const data = join(folder, 'data')
    mkdirSync(data)
    const prefix = member.withWinbind()
    server = parts.use(await startSallyport({ data, prefix, args: ['--bind', '127.0.0.1'] }))
    await apply()
    const root = join(folder, 'root.pem')
    writeFileSync(root, (await server.api.send<{ root: string }>('GET', '/ca')).root)
    const curl = ['--negotiate', '--user', ':']
    const client = new WindowsClient({ folder, port: server.enrolPort, host, root, curl })
    computer = client.with({ env: await ticket('computer', `${COMPUTER.name}$`) })
    person = client.with({ env: await ticket('person', 'alice') })
  })
  after(() => parts.disposeAsync())

  const apply = async (kerberos = ''): Promise<void> => {
    const { service, ca, baseDn, domain, name } = controller
    const door = await controller.door()
    const authorities = JSON.stringify(readFileSync(ca.certificate, 'utf8'))
    await server.apply(`
clients: [{ name: switch, address: 127.0.0.1, secret: ${SECRET} }]
sources:
  - { name: ad, kind: ldap, servers: ['ldaps://127.0.0.1:${door.port}'], serverName: ${name},
      authorities: ${authorities}, baseDn: '${baseDn}', bindDn: '${service.dn}', bindPassword: '${service.password}' }
realms: [{ name: ad, default: true, prefixes: [LAB], suffixes: [${domain}], sources: [ad] }]
rules: [{ name: everybody, when: 'true', effect: accept }]
certificateTemplates:
  - { name: Workstation, base: computer, enrol: { groups: [Workstations] } }
  - { name: Staff, base: user, enrol: { groups: [VPN Users] } }
enrolment:
  httpsUrl: 'https://${host}:${server.enrolPort}'
  windows: { kerberos: { configurationFile: ${member.configuration}${kerberos} } }
`)
  }

  /** A ticket for the service, by the keys of the account as its own machine has them; no password is typed. */
  async function ticket(name: string, account: string): Promise<NodeJS.ProcessEnv> {
    const keytab = join(folder, `${name}.keytab`)
    await controller.shell(`samba-tool domain exportkeytab ${keytab} --principal='${account}'`)
    const env = {
      KRB5CCNAME: `FILE:${join(folder, `${name}.tickets`)}`,
      KRB5_CONFIG: join(folder, 'member/krb5.conf'),
    }
    for (const line of [
      ['kinit', '-k', '-t', keytab, `${account}@${controller.domain.toUpperCase()}`],
      ['kvno', `HTTP/${host}@${controller.domain.toUpperCase()}`],
    ]) {
      const [program = '', ...args] = [...network.prefix('radius'), ...line]
      const { code, output } = await runToEnd(program, args, { env: { ...process.env, ...env } })
      assert.equal(code, 0, output)
    }
    return env
  }

  const names = (found: Readonly<Record<string, unknown>>): unknown =>
    (found.policies as readonly { commonName: string }[]).map(({ commonName }) => commonName)

  test('ok/GetPolicies with a ticket: a computer sees templates of computers, a person those of people', async () => {
    for (const [client, kind, templates] of [
      [computer, 'computer', ['Workstation']],
      [person, 'person', ['Staff']],
    ] as const) {
      const answer = await client.send(CEP, 'windows-get-policies')
      assert.equal(answer.status, 200, answer.text)
      const { problems, found } = await client.policies(answer, kind)
      assert.deepEqual(problems, [])
      assert.deepEqual(names(found), templates)
      // Mutual: the server proved itself as well.
      assert.match(answer.headers, /www-authenticate: Negotiate o/i)
    }
  })

  test('fail/without a ticket, with NTLM, with nonsense, with a token shown before', async () => {
    const bare = computer.with({ curl: [] })
    const asked = await bare.send(CEP, 'windows-get-policies')
    assert.equal(asked.status, 401)
    assert.match(asked.headers, /www-authenticate: Negotiate\r/i)
    const ntlm = Buffer.from('NTLMSSP\0\u0001\0\0\0\u0007\u0082\u0008\0'.padEnd(40, '\0'), 'latin1')
    for (const token of [ntlm.toString('base64'), 'YAAA', '!!']) {
      const answer = await computer
        .with({ curl: ['-H', `Authorization: Negotiate ${token}`] })
        .send(CEP, 'windows-get-policies')
      assert.equal(answer.status, 401, token)
    }
    const seen = join(folder, 'seen.txt')
    const shown = await computer
      .with({ curl: ['--negotiate', '--user', ':', '--trace-ascii', seen] })
      .send(CEP, 'windows-get-policies')
    assert.equal(shown.status, 200)
    const token = authorizationIn(seen)
    const again = await computer
      .with({ curl: ['-H', `Authorization: ${token}`] })
      .send(CEP, 'windows-get-policies')
    assert.equal(again.status, 401)
  })

  test('ok/a computer enrols by itself, and logs in with the certificate', async () => {
    await computer.request('rsa-ws1', '--template-name', 'Workstation', '--subject', 'anything')
    const token = await computer.cmc('rsa-ws1', '--no-sign')
    const answer = await computer.send(CES, 'windows-issue-pkcs7', { template: 'Workstation', token })
    assert.equal(answer.status, 200, answer.text)
    const { problems, found } = await computer.issued(answer, 'rsa-ws1')
    assert.deepEqual(problems, [])
    assert.deepEqual(found.dns, [COMPUTER.dnsName])
    assert.match(String(found.sid), /^S-1-5-21-\d+-\d+-\d+-\d+$/)
    const login = await eapolTest({
      network: [
        ...['eap=TLS', `identity="host/${COMPUTER.dnsName}"`, `ca_cert="${join(folder, 'root.pem')}"`],
        ...[`client_cert="${join(folder, 'rsa-ws1.pem')}"`, `private_key="${join(folder, 'rsa-ws1.key')}"`],
      ],
      ...{ server: { port: server.authPort, secret: SECRET }, folder, seconds: 10 },
    })
    assert.ok(login.success, login.output.slice(-2000))
    const receipt = await until('the receipt', async () => (await server.api.receipts({ limit: '1' }))[0])
    assert.deepEqual([receipt.outcome, receipt.user], ['accept', `${COMPUTER.name}$`])
  })

  test('fail/a person asks for a computer’s certificate, a computer for a person’s, or for another’s SID', async () => {
    const ask = async (client: WindowsClient, template: string, ...words: readonly string[]) => {
      await client.request('other', ...words)
      return await client.send(CES, 'windows-issue-pkcs7', { template, token: await client.cmc('other') })
    }
    const sid = ['--sid', 'S-1-5-21-1-2-3-500']
    for (const [client, template, words, hresult] of [
      [person, 'Workstation', [], '0x80094012'],
      [computer, 'Staff', [], '0x80094012'],
      [person, 'Staff', sid, '0x80094001'],
      [computer, 'Workstation', ['--dns', `dc1.${controller.domain}`], '0x80094001'],
    ] as const) {
      const answer = await ask(client, template, ...words)
      assert.equal(answer.status, 500)
      assert.deepEqual((await client.fault(answer, 'RequestFailed', hresult)).problems, [])
    }
    const own = await ask(person, 'Staff', '--upn', `alice@${controller.domain}`)
    const { problems, found } = await person.issued(own, 'other')
    assert.deepEqual(problems, [])
    assert.deepEqual(found.upn, [`alice@${controller.domain}`])
  })

  test('fail/a ticket of an account that was disabled after it was given; ok/once it is enabled again', async () => {
    const { dn } = controller.person('alice')
    await controller.change(dn, 'userAccountControl', '514')
    const answer = await person.send(CEP, 'windows-get-policies')
    assert.equal(answer.status, 500, answer.text)
    assert.deepEqual((await person.fault(answer, 'FailedAuthentication')).problems, [])
    await controller.change(dn, 'userAccountControl', '512')
    assert.equal((await person.send(CEP, 'windows-get-policies')).status, 200)
  })

  test('ok/a keytab of its own; fail/one without the key', async () => {
    const keytab = join(folder, 'http.keytab')
    const line = [
      ...[...network.prefix('radius'), 'net', 'ads', 'keytab', 'add', 'HTTP', '-s', member.configuration],
      ...['--option=kerberos method=dedicated keytab', `--option=dedicated keytab file=${keytab}`],
      ...['-U', `Administrator%${controller.administratorPassword}`],
    ]
    const [program = '', ...args] = line
    const { code, output } = await runToEnd(program, args, {
      env: { ...process.env, KRB5_CONFIG: join(folder, 'member/krb5.conf') },
    })
    assert.equal(code, 0, output)
    assert.ok(existsSync(keytab))
    chmodSync(keytab, 0o600)
    await apply(`, keytab: ${keytab}`)
    assert.equal((await computer.send(CEP, 'windows-get-policies')).status, 200)
    await apply(`, keytab: ${join(folder, 'person.keytab')}`)
    assert.equal((await computer.send(CEP, 'windows-get-policies')).status, 401)
    await apply()
  })

  test('ok/the script for Samba publishes CA and group policy, once, and Samba reads them back', async () => {
    const script = join(folder, 'publish.py')
    const { code, output } = await server.cli('domain', 'script', '--for', 'samba', '--out', script)
    assert.equal(code, 0, output)
    const configuration = `CN=Configuration,${controller.baseDn}`
    const published = (filter: string) =>
      controller.search(['-o', 'ldif-wrap=no', filter, 'cACertificate'], configuration)
    const run = (...words: readonly string[]) =>
      controller.shell(
        `/usr/bin/python3 ${script} -U Administrator%${controller.administratorPassword} ${words.join(' ')}`,
      )
    const before = await published('(cn=NTAuthCertificates)')
    assert.match(await run('--dry-run'), /would make the group policy object Sallyport enrolment/)
    assert.equal(await published('(cn=NTAuthCertificates)'), before)
    assert.match(await run(), /The domain knows/)
    const { root, issuing } = await server.api.send<{ root: string; issuing: string }>('GET', '/ca')
    const base64 = (pem: string) => pem.replace(/-----[^-]+-----|\n/g, '')
    assert.ok((await published('(cn=NTAuthCertificates)')).includes(base64(issuing)))
    assert.ok((await published('(objectClass=certificationAuthority)')).includes(base64(root)))
    const gpo = /\{[0-9A-F-]{36}\}(?=\n {4}Name {4}: Sallyport enrolment)/.exec(
      await controller.shell(
        `samba-tool gpo getlink ${controller.baseDn} -U Administrator%${controller.administratorPassword}`,
      ),
    )?.[0]
    const policies = join(folder, 'dc/domain/state/sysvol', controller.domain, 'Policies', gpo ?? '')
    for (const part of ['Machine', 'User']) {
      const reader = join(import.meta.dirname, 'read_policy.py')
      const read = await runToEnd('/usr/bin/python3', [reader, join(policies, part, 'Registry.pol')])
      const values = JSON.parse(read.output) as readonly [string, string, string | number][]
      const value = (name: string) => values.filter((one) => one[1] === name).map((one) => one[2])
      assert.deepEqual(value('AEPolicy'), [7])
      assert.deepEqual(value('AuthFlags'), [2])
      assert.deepEqual(value('URL'), [computer.url(CEP)])
      const answer = await computer.send(CEP, 'windows-get-policies')
      const { policyID } = (await computer.policies(answer)).found
      // The server says the same: else Windows would take them for two policies.
      assert.deepEqual(value('PolicyID'), [policyID])
    }
    const version = readFileSync(join(policies, 'GPT.INI'), 'utf8')
    const again = await run()
    assert.doesNotMatch(again, /publish|write|link/)
    assert.equal(readFileSync(join(policies, 'GPT.INI'), 'utf8'), version)
  })
})

/** The header as curl wrote it into its trace, which breaks long lines. */
function authorizationIn(trace: string): string {
  const lines = readFileSync(trace, 'utf8').split('\n')
  const sent = lines.slice(lines.findIndex((line) => line.startsWith('=> Send header')))
  const text = sent
    .filter((line) => /^[0-9a-f]{4}: /.test(line))
    .map((line) => line.slice(6))
    .join('')
  const token = /Authorization: (Negotiate [A-Za-z0-9+/=]+?)User-Agent/.exec(text)?.[1]
  return token ?? assert.fail(text.slice(0, 300))
}
