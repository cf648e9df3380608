/** MS-XCEP and MS-WSTEP over TLS: curl sends the fixed messages, the judge reads the answers. */
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { skipReason } from '@sallyport/lab/debian'
import { runToEnd, temporaryFolder } from '@sallyport/lab/process'
import { type Sallyport, startSallyport } from '@sallyport/lab/sallyport'
import { type Answer, WindowsClient } from './windows-client.ts'

const skip = skipReason('curl', 'openssl', 'python3-lxml', 'python3-asn1crypto')
const CEP = 'ADPolicyProvider_CEP_UsernamePassword'
const CES = 'Sallyport_CES_UsernamePassword'
const CES_ANONYMOUS = 'Sallyport_CES_Anonymous'
const CES_CERTIFICATE = 'Sallyport_CES_Certificate'
const ALICE = { username: 'alice', password: 'Passw0rd-of-alice <&>' }
const BOB = { username: 'bob', password: 'Passw0rd-of-bob' }
const SETTINGS = (port: number) => `
groups: [{ name: staff }, { name: bosses }]
realms: [{ name: local, default: true, suffixes: [example.org], sources: [local] }]
enrolment: { httpsUrl: 'https://localhost:${port}', windows: {} }
certificateTemplates:
  - { name: Staff, base: user, enrol: { groups: [staff] }, revision: 4, perHolder: 100 }
  - { name: Staff Approved, base: user, enrol: { groups: [staff] }, approval: required, perHolder: 20 }
  - { name: Bosses, base: user, enrol: { groups: [bosses] } }
  - { name: Workstation, base: computer, enrol: { groups: [staff] } }
  - { name: Web Only, base: user, enrol: { groups: [staff] }, protocols: [est] }
`

interface Policy {
  readonly commonName: string
  readonly oid: string
  readonly enrollmentFlags: number
}

describe('Windows auto-enrolment', { skip }, () => {
  const folder = temporaryFolder('win-')
  let server: Sallyport
  let client: WindowsClient

  before(async () => {
    const data = join(folder.path, 'data')
    mkdirSync(data)
    server = await startSallyport({ data, args: ['--bind', '127.0.0.1'] })
    await server.apply(SETTINGS(server.enrolPort))
    for (const { username: name, password } of [ALICE, BOB])
      await server.api.send('POST', '/users', { name, password, groups: ['staff'] })
    const root = join(folder.path, 'root.pem')
    writeFileSync(root, await caOf(server))
    client = new WindowsClient({ folder: folder.path, port: server.enrolPort, host: 'localhost', root })
  })
  after(async () => {
    await server?.[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })

  const policiesOf = async (answer: Answer): Promise<readonly Policy[]> => {
    assert.equal(answer.status, 200, answer.text)
    const { problems, found } = await client.policies(answer, 'person')
    assert.deepEqual(problems, [])
    return found.policies as readonly Policy[]
  }
  const refused = async (answer: Answer, subcode: string, hresult?: string): Promise<void> => {
    assert.equal(answer.status, 500, answer.text)
    assert.deepEqual((await client.fault(answer, subcode, hresult)).problems, [])
  }
  const enrolled = async (answer: Answer, name: string) => {
    assert.equal(answer.status, 200, answer.text)
    const { problems, found } = await client.issued(answer, name)
    assert.deepEqual(problems, [])
    return found
  }
  /** A first certificate: `name`.key and `name`.pem. */
  const enrol = async (name: string, who = ALICE, ...words: readonly string[]) => {
    await client.request(name, '--template-name', 'Staff', ...words)
    return await enrolled(await issue(name, who), name)
  }
  const issue = async (name: string, who = ALICE) =>
    client.send(CES, 'windows-issue-pkcs7-username', {
      ...who,
      template: 'Staff',
      token: await client.cmc(name),
    })

  test('ok/GetPolicies as Windows and as cepces: the templates the caller may enrol, and no others', async () => {
    for (const name of ['windows-get-policies-username', 'cepces-get-policies-username']) {
      const policies = await policiesOf(await client.send(CEP, name, ALICE))
      assert.deepEqual(
        policies.map(({ commonName }) => commonName),
        ['Staff', 'Staff Approved'],
      )
      assert.deepEqual(
        policies.map(({ enrollmentFlags }) => enrollmentFlags & 0x2),
        [0, 2],
      )
    }
  })

  test('fail/GetPolicies with a wrong password, and without any: nothing is told', async () => {
    await refused(
      await client.send(CEP, 'windows-get-policies-username', { ...ALICE, password: 'wrong' }),
      'FailedAuthentication',
    )
    await refused(await client.send(CEP, 'windows-get-policies'), 'FailedAuthentication')
    await policiesOf(await client.send(CEP, 'windows-get-policies-username', ALICE))
  })

  test('ok/a CMC request by its key or by nobody, a bare PKCS #10: the server names the holder', async () => {
    await client.request('rsa-first', '--template-name', 'Staff', '--subject', 'whoever I like')
    const cmc = await enrolled(await issue('rsa-first'), 'rsa-first')
    assert.deepEqual([cmc.upn, cmc.message], [['alice@example.org'], 'Issued'])
    assert.equal(
      cmc.template,
      (await policiesOf(await client.send(CEP, 'windows-get-policies-username', ALICE)))[0]?.oid,
    )
    await client.request('second', '--template-oid', String(cmc.template), '--template-major', '4')
    const token = await client.cmc('second', '--no-sign')
    const unsigned = await client.send(CES, 'windows-issue-pkcs7-username', {
      ...ALICE,
      template: 'staff',
      token,
    })
    await enrolled(unsigned, 'second')
    await client.request('third', '--template-name', 'Staff')
    const bare = { ...ALICE, token: client.token('third.p10') }
    const third = await enrolled(await client.send(CES, 'cepces-issue-pkcs10-username', bare), 'third')
    assert.notEqual(third.serial, cmc.serial)
    // The same request again is the same transaction.
    const again = await enrolled(await client.send(CES, 'cepces-issue-pkcs10-username', bare), 'third')
    assert.equal(again.serial, third.serial)
  })

  test('fail/a template the caller may not enrol, one that is not for Windows, and one nobody knows', async () => {
    await client.request('denied')
    const ask = async (template: string) =>
      client.send(CES, 'windows-issue-pkcs7-username', {
        ...ALICE,
        template,
        token: await client.cmc('denied'),
      })
    await refused(await ask('Bosses'), 'RequestFailed', '0x80094012')
    await refused(await ask('Web Only'), 'RequestFailed', '0x80094800')
    await refused(await ask('Workstation'), 'RequestFailed', '0x80094012')
    await refused(await ask('Nothing'), 'RequestFailed', '0x80094813')
    await enrolled(await ask('Staff'), 'denied')
  })

  test('fail/templates that differ, wherever they are named', async () => {
    const ask = async (words: readonly string[], cmc: readonly string[] = []) => {
      await client.request('conflict', ...words)
      const token = await client.cmc('conflict', ...cmc)
      return await client.send(CES, 'windows-issue-pkcs7-username', { ...ALICE, template: 'Staff', token })
    }
    const conflict = '0x80094802'
    await refused(await ask(['--template-name', 'Bosses']), 'RequestFailed', conflict)
    await refused(await ask(['--pair', 'CertificateTemplate=Bosses']), 'RequestFailed', conflict)
    await refused(await ask([], ['--reg-info', 'CertificateTemplate=Bosses']), 'RequestFailed', conflict)
    await refused(
      await ask(['--template-name', 'Staff', '--pair', 'CertificateTemplate=Bosses']),
      'RequestFailed',
      conflict,
    )
    const words = ['--template-name', 'Staff', '--pair', 'CertificateTemplate=staff']
    await enrolled(await ask(words, ['--reg-info', 'CertificateTemplate=Staff']), 'conflict')
  })

  test('fail/a request for another name, another SID, a CA, or without its key', async () => {
    for (const [words, hresult] of [
      [['--upn', 'alice@example.org'], '0x80094001'],
      [['--dns', 'dc1.example.org'], '0x80094001'],
      [['--sid', 'S-1-5-21-1-2-3-500'], '0x80094001'],
      [['--ca'], '0x80094011'],
      [['--break-signature'], '0x80090006'],
    ] as const) {
      await client.request('wish', ...words)
      const bare = { ...BOB, token: client.token('wish.p10'), template: 'Staff' }
      await refused(await client.send(CES, 'windows-issue-pkcs7-username', bare), 'RequestFailed', hresult)
    }
    await client.request('wish', '--upn', 'bob@example.org')
    const own = { ...BOB, token: client.token('wish.p10'), template: 'Staff' }
    await enrolled(await client.send(CES, 'windows-issue-pkcs7-username', own), 'wish')
  })

  test('ok/renewal by the old key, without a password: PKCS #7 and CMC', async () => {
    await enrol('old', BOB)
    for (const [name, form] of [
      ['renewed', 'pkcs7'],
      ['again', 'cmc'],
    ] as const) {
      const old = name === 'renewed' ? 'old' : 'renewed'
      await client.request(name, '--renews', client.file(`${old}.pem`), '--template-name', 'Staff')
      const signed = ['--old-key', client.file(`${old}.key`), '--old', client.file(`${old}.pem`)]
      const token = form === 'pkcs7' ? await client.pkcs7(name, old) : await client.cmc(name, ...signed)
      const found = await enrolled(await client.send(CES_ANONYMOUS, 'windows-renew', { token }), name)
      assert.deepEqual(found.upn, ['bob@example.org'])
    }
  })

  test('ok/a certificate of ours in TLS is a proof as well', async () => {
    await enrol('tls')
    const words = ['--cert', client.file('tls.pem'), '--key', client.file('tls.key')]
    const holder = client.with({ curl: words })
    assert.equal(
      (await policiesOf(await holder.send('ADPolicyProvider_CEP_Certificate', 'windows-get-policies')))[0]
        ?.commonName,
      'Staff',
    )
    const renewals = await holder.send(
      'KeyBasedRenewal_ADPolicyProvider_CEP_Certificate',
      'windows-get-policies',
    )
    assert.deepEqual((await client.policies(renewals)).problems, [])
    assert.doesNotMatch(renewals.text, /<renewalOnly>false/)
    await refused(
      await client.send('ADPolicyProvider_CEP_Certificate', 'windows-get-policies'),
      'FailedAuthentication',
    )
    await client.request('by-tls', '--template-name', 'Staff')
    const token = await client.cmc('by-tls')
    const asked = { template: 'Staff', token }
    await enrolled(await holder.send(CES_CERTIFICATE, 'windows-issue-pkcs7', asked), 'by-tls')
    await refused(await client.send(CES_CERTIFICATE, 'windows-issue-pkcs7', asked), 'FailedAuthentication')
  })

  test('fail/a certificate in TLS that nobody here issued, or that was revoked', async () => {
    const { serial } = await enrol('shown')
    const part = 'ADPolicyProvider_CEP_Certificate'
    const shown = client.with({
      curl: ['--cert', client.file('shown.pem'), '--key', client.file('shown.key')],
    })
    await policiesOf(await shown.send(part, 'windows-get-policies'))
    const { code, output } = await server.cli(
      'certificates',
      'revoke',
      String(serial),
      '--reason',
      'superseded',
    )
    assert.equal(code, 0, output)
    await refused(await shown.send(part, 'windows-get-policies'), 'FailedAuthentication')
    await foreign('shown')
    await refused(await shown.send(part, 'windows-get-policies'), 'FailedAuthentication')
  })

  test('fail/a first request where only renewals are taken', async () => {
    await client.request('anonymous', '--template-name', 'Staff')
    for (const token of [await client.cmc('anonymous'), client.token('anonymous.p10')])
      await refused(
        await client.send(CES_ANONYMOUS, 'windows-issue-pkcs7', { template: 'Staff', token }),
        'FailedAuthentication',
      )
  })

  test('fail/renewal of a revoked certificate, of a foreign one, of another template’s, of another’s', async () => {
    const { serial } = await enrol('victim', BOB)
    const renew = async (template: string, part = CES_ANONYMOUS) => {
      await client.request('next', '--renews', client.file('victim.pem'), '--template-name', template)
      const token = await client.pkcs7('next', 'victim')
      const message = part === CES ? 'windows-issue-pkcs7-username' : 'windows-renew'
      return await client.send(part, message, { ...ALICE, template, token })
    }
    await refused(await renew('Staff Approved'), 'RequestFailed', '0x80094802')
    // Bob's certificate, signed by Bob's key, brought by Alice.
    await refused(await renew('Staff', CES), 'RequestFailed', '0x8009400e')
    await enrolled(await renew('Staff'), 'next')
    const { code, output } = await server.cli(
      'certificates',
      'revoke',
      String(serial),
      '--reason',
      'keyCompromise',
    )
    assert.equal(code, 0, output)
    await refused(await renew('Staff'), 'RequestFailed', '0x80092010')
    await foreign('victim')
    await refused(await renew('Staff'), 'RequestFailed', '0x8009400e')
  })

  /** Replaces `name`.pem by a certificate of its key that nobody here issued. */
  async function foreign(name: string): Promise<void> {
    const words = [
      'req',
      '-x509',
      '-key',
      client.file(`${name}.key`),
      '-subj',
      '/CN=bob',
      '-out',
      client.file(`${name}.pem`),
    ]
    assert.equal((await runToEnd('openssl', words)).code, 0)
  }

  test('ok/what waits for approval is asked for later; fail/by somebody else, or by no number', async () => {
    await client.request('waiting', '--template-name', 'Staff Approved')
    const token = await client.cmc('waiting')
    const sent = await client.send(CES, 'windows-issue-pkcs7-username', {
      ...ALICE,
      template: 'Staff Approved',
      token,
    })
    assert.equal(sent.status, 200, sent.text)
    const { problems, found } = await client.pending(sent, client.url(CES))
    assert.deepEqual(problems, [])
    const requestId = String(found.requestID)
    const query = (who: typeof ALICE, id = requestId) =>
      client.send(CES, 'windows-query-token-status-username', { ...who, requestId: id })
    assert.deepEqual((await client.pending(await query(ALICE), client.url(CES))).problems, [])
    await refused(await query(BOB), 'RequestFailed', '0x80094002')
    await refused(await query(ALICE, '99999'), 'RequestFailed', '0x80094002')
    await refused(await query(ALICE, '1 OR 1'), 'InvalidRequest')
    await refused(await query({ ...ALICE, password: 'wrong' }), 'FailedAuthentication')
    const { code, output } = await server.cli('certificates', 'approve', requestId)
    assert.equal(code, 0, output)
    await enrolled(await query(ALICE), 'waiting')
  })

  test('fail/key archival, other request types, other messages at the wrong address', async () => {
    await refused(await client.send(CES, 'windows-ket'), 'FailedAuthentication')
    await refused(
      await client.send(CEP, 'windows-query-token-status-username', { ...ALICE, requestId: '1' }),
      'InvalidRequest',
    )
    await refused(await client.send(CES, 'windows-get-policies-username', ALICE), 'InvalidRequest')
    assert.equal((await client.send('ADPolicyProvider_CEP_Kerberos', 'windows-get-policies')).status, 404)
    assert.equal((await client.send('Other_CES_UsernamePassword', 'windows-get-policies')).status, 404)
  })

  test('fail/hostile XML, and CMC cut anywhere: an answer at once, and the server goes on', async () => {
    const sample = readFileSync(
      join(import.meta.dirname, 'requests/windows-get-policies-username.xml'),
      'utf8',
    )
    const bomb = `<!DOCTYPE s [<!ENTITY a "aaaaaaaaaa">${Array.from({ length: 9 }, (_, at) => `<!ENTITY a${at} "&a${at - 1};&a${at - 1};">`).join('')}]>${sample}`
    for (const body of [
      bomb,
      sample.replace('<s:Header>', '<!DOCTYPE x SYSTEM "file:///etc/passwd"><s:Header>'),
      sample.replace('{{username}}', '&xxe;'),
      '<a>'.repeat(30_000),
      sample.replace('<client>', '<client>'.repeat(200)),
      sample.replace('xmlns:s=', 'xmlns:s="x" xmlns:s='),
      '',
      '\0\0\0',
      sample.slice(0, 500),
    ]) {
      const begun = performance.now()
      const answer = await client.post(CEP, body)
      assert.equal(answer.status, 500, answer.text)
      assert.match(answer.text, /InvalidRequest/)
      assert.doesNotMatch(answer.text, /root:/)
      assert.ok(performance.now() - begun < 3000)
    }
    assert.equal((await client.post(CEP, 'x'.repeat(200_000))).status, 413)
    await client.request('cut', '--template-name', 'Staff')
    await client.cmc('cut')
    const whole = readFileSync(client.file('cut.cmc'))
    for (const at of [0, 1, 2, 20, 50, 200, 500, whole.length - 1]) {
      const token = whole.subarray(0, at).toString('base64')
      await refused(
        await client.send(CES, 'windows-issue-pkcs7-username', { ...ALICE, template: 'Staff', token }),
        'InvalidRequest',
        '0x8007000d',
      )
    }
    const token = whole.toString('base64')
    await enrolled(
      await client.send(CES, 'windows-issue-pkcs7-username', { ...ALICE, template: 'Staff', token }),
      'cut',
    )
  })
})

async function caOf(server: Sallyport): Promise<string> {
  return (await server.api.send<{ root: string }>('GET', '/ca')).root
}
