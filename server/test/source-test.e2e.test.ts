/** `sallyport test directory` against OpenLDAP set up wrongly in each way: the failing step names the cause and the cure. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { createServer as createTlsServer } from 'node:tls'
import { issue, makeCa } from '@sallyport/lab/certificates'
import { skipReason } from '@sallyport/lab/debian'
import { temporaryFolder } from '@sallyport/lab/process'
import { SLAPD_PACKAGES, Slapd } from '@sallyport/lab/slapd'
import { LDAP_PASSWORD, SERVICE, SUFFIX } from '@sallyport/lab/slapd/people'
import { TacacsServer } from '@sallyport/lab/tacacs-server'
import { type Configuration, configurationSchema } from '../src/config/schema.ts'
import type { Question } from '../src/main/source-test/directory-test.ts'
import { testSource } from '../src/main/source-test/source-test.ts'

const skip = skipReason(...SLAPD_PACKAGES, 'libauthen-tacacsplus-perl')
const PEOPLE = `ou=People,${SUFFIX}`
const ALICE = { user: 'alice', password: LDAP_PASSWORD }

describe('an identity source tested step by step', { skip }, () => {
  const folder = temporaryFolder('sallyport-source-test-')
  const parts = new AsyncDisposableStack()
  let slapd: Slapd
  let plain: Slapd
  let authorities: string

  before(async () => {
    slapd = parts.use(await Slapd.start({ folder: join(folder.path, 'a') }))
    plain = parts.use(await Slapd.start({ folder: join(folder.path, 'b'), tls: false, anonymous: false }))
    authorities = readFileSync(slapd.ca.certificate, 'utf8')
  })
  after(async () => {
    await parts.disposeAsync()
    folder[Symbol.dispose]()
  })

  /** Lines of what was said: `failed tls ... -> cure`. */
  async function lines(
    settings: Readonly<Record<string, unknown>>,
    question: Question = {},
  ): Promise<string[]> {
    const given = {
      ...{
        name: 'ldap',
        kind: 'ldap',
        type: 'generic',
        servers: [slapd.tlsUrl],
        authorities,
        baseDn: PEOPLE,
      },
      ...{ bindDn: SERVICE.dn, bindPassword: SERVICE.password },
      ...settings,
    }
    const defined = Object.entries(given).filter(([, value]) => value !== undefined)
    const { sources } = configurationSchema.parse({ sources: [Object.fromEntries(defined)] }) as Configuration
    const report = await testSource({ sources }, 'ldap', question)
    const text = report.steps.map(
      ({ outcome, step, detail, cure }) => `${outcome} ${step}: ${detail} -> ${cure ?? ''}`,
    )
    assert.equal(report.passed, !text.some((line) => line.startsWith('failed')))
    return text
  }

  /** Exactly one step fails, like this; the settings are changed as given. */
  async function fails(
    settings: Readonly<Record<string, unknown>>,
    expected: RegExp,
    question?: Question,
  ): Promise<readonly string[]> {
    const said = await lines(settings, question)
    const failed = said.filter((line) => line.startsWith('failed'))
    assert.equal(failed.length, 1, said.join('\n'))
    assert.match(failed[0] ?? '', expected)
    assert.ok(said.every((line) => !line.includes(LDAP_PASSWORD) && !line.includes(SERVICE.password)))
    return said
  }

  test('ok/each step of a login, over LDAPS and StartTLS', async () => {
    for (const servers of [[slapd.tlsUrl], [slapd.url]]) {
      const said = await lines({ servers, startTls: servers[0] === slapd.url }, ALICE)
      assert.ok(
        said.every((line) => /^(ok|skipped)/.test(line)),
        said.join('\n'),
      )
      const text = said.join('\n')
      assert.match(
        text,
        /ok tls: TLSv1\.3, trusted and for 127\.0\.0\.1: .*CN=ldap\.example\.org, .*issued by .*CN=Lab LDAP CA/,
      )
      assert.match(text, new RegExp(`ok bind: as ${SERVICE.dn}`))
      assert.match(text, /ok user: uid=alice,ou=RD1,/)
      assert.match(text, /ok password: right/)
      assert.match(text, /ok groups: staff, vpn-nested, vpn-users/)
      assert.match(text, /user\.attributes = .*alice@example\.org/)
    }
  })

  test('fail/wrong port: nothing listens, TLS on a port without, none on a port with', async () => {
    await fails({ servers: ['ldaps://127.0.0.1:9'] }, /tcp: .*ECONNREFUSED.* -> Nothing listens there/)
    await fails({ servers: [`ldaps://127.0.0.1:${slapd.port}`] }, /tls: .* -> Is this a port with TLS/)
    await fails(
      { servers: [`ldap://127.0.0.1:${slapd.tlsPort}`], startTls: true },
      /starttls: .* -> Is this an LDAP port.*use ldaps/,
    )
    await fails(
      { servers: [`ldap://127.0.0.1:${slapd.tlsPort}`], allowUnencrypted: true },
      /bind: .* -> Is this an LDAP server.*636 wants ldaps/,
    )
  })

  test('fail/a name DNS does not know', async () => {
    await fails({ servers: ['ldaps://no-such-host.invalid'] }, /dns: no-such-host\.invalid is not known: E/)
  })

  test('fail/a domain whose servers DNS does not list', async () => {
    const said = await fails(
      { servers: [], domain: 'no-such-domain.invalid' },
      /dns: (DNS lists no LDAP servers|no servers) of no-such-domain\.invalid.* -> .*name servers of the domain/,
    )
    assert.ok(said.some((line) => line.startsWith('skipped bind: no server is known')))
  })

  test('fail/StartTLS at a server without a certificate', async () => {
    await fails(
      { servers: [plain.url], startTls: true },
      /starttls: refused with .* -> .*no certificate for StartTLS/,
    )
  })

  test('fail/the CA of somebody else, with the chain that was seen', async () => {
    const other = makeCa(join(folder.path, 'other'), 'Other CA')
    const said = await fails(
      { authorities: readFileSync(other.certificate, 'utf8') },
      /tls: the certificate is refused, its CA is not trusted here: .*issued by .*CN=Lab LDAP CA.* -> Set authorities/,
    )
    assert.ok(
      !said.some((line) => line.includes(' bind:')),
      'nothing is said to a server that is not trusted',
    )
  })

  test('fail/another host name in the certificate', async () => {
    await fails(
      { serverName: 'dc9.example.org' },
      /tls: the certificate is not for dc9\.example\.org: .*DNS:ldap\.example\.org.* -> .*set serverName/,
    )
  })

  test('fail/an expired certificate', async () => {
    const { certificate, key } = issue(slapd.ca, 'expired', {
      ...{ commonName: 'ldap', subjectAltName: 'IP:127.0.0.1', extendedKeyUsage: 'serverAuth' },
      ...{ notBefore: '20200101000000Z', notAfter: '20210101000000Z' },
    })
    const server = createTlsServer({ cert: readFileSync(certificate), key: readFileSync(key) })
    const port = await listening(server)
    try {
      await fails(
        { servers: [`ldaps://127.0.0.1:${port}`] },
        /tls: the certificate is refused, it has expired: .*to 2021-01-01.* -> Renew the certificate/,
      )
    } finally {
      server.close()
    }
  })

  test('fail/a server that takes connections and says nothing', async () => {
    const server = createServer(() => undefined)
    const port = await listening(server)
    try {
      await fails({ servers: [`ldaps://127.0.0.1:${port}`] }, /tls: no handshake within 3000 ms/)
    } finally {
      server.close()
    }
  })

  test('fail/service account: wrong password, wrong form, none at a server that wants one', async () => {
    await fails(
      { bindPassword: 'wrong' },
      /bind: cn=sallyport.* was refused with invalidCredentials \(49\).* -> Check bindDn and bindPassword\..*It is a DN/,
    )
    await fails(
      { bindDn: 'sallyport@example.org' },
      /bind: .*refused with invalidDNSyntax \(34\).* -> .*bindDn/,
    )
    await fails(
      { servers: [plain.url], allowUnencrypted: true, bindMode: 'anonymous' },
      /base DN: .*authentication required -> .*use bindMode regular/,
    )
  })

  test('fail/base DN and group DN that are not there', async () => {
    const said = await fails(
      { baseDn: `ou=Gone,${SUFFIX}` },
      /base DN: ou=Gone.*noSuchObject \(32\).* -> There is no such entry: correct baseDn/,
      ALICE,
    )
    assert.ok(said.some((line) => /^skipped user: users cannot be searched without the base DN/.test(line)))
    await fails({ groupDn: `cn=gone,ou=Groups,${SUFFIX}` }, /group DN: .* -> .*correct groupDn/)
  })

  test('fail/the user: unknown, left out by the filter, outside the group', async () => {
    await fails({}, /user: nobody below .* has the name "mallory" .* -> Check the name, baseDn/, {
      user: 'mallory',
    })
    await fails({ userFilter: '(uid=bob)' }, /user: userFilter \(uid=bob\) leaves "alice" out/, ALICE)
    await fails(
      { groupDn: `cn=vpn-users,ou=Groups,${SUFFIX}` },
      /user: "dave" is below .* and not in cn=vpn-users.* -> Add the account to the group/,
      { user: 'dave' },
    )
  })

  test('ok/the user as it is typed: with a suffix or prefix a realm takes off, by an attribute with the whole name', async () => {
    for (const user of ['alice@example.org', 'EXAMPLE\\alice'])
      assert.ok(
        (await lines({}, { user })).some((line) => line.startsWith('ok user: uid=alice,')),
        user,
      )
    await slapd.ldif(
      `dn: uid=dave,${PEOPLE}\nchangetype: modify\nreplace: mail\nmail: david.dean@example.org\n`,
    )
    const byMail = await lines({ userAttributes: ['uid', 'mail'] }, { user: 'david.dean@example.org' })
    assert.ok(byMail.some((line) => line.startsWith('ok user: uid=dave,')))
    await fails({}, /user: nobody below .* \(uid\)/, { user: 'david.dean@example.org' })
  })

  test('fail/the user stands elsewhere in the directory; the group DN is to blame, not the account', async () => {
    await fails(
      { baseDn: `ou=RD2,${PEOPLE}` },
      /user: uid=alice,ou=RD1,.* is not below ou=RD2,.* -> Give a baseDn above it/,
      ALICE,
    )
    const said = await lines({ groupDn: `cn=gone,ou=Groups,${SUFFIX}` }, ALICE)
    assert.ok(said.some((line) => /^failed user: .* -> Correct groupDn first/.test(line)))
  })

  test('fail/the password is wrong; without one it is not tried', async () => {
    await fails({}, /password: The password of "alice" is wrong.*invalidCredentials/, {
      ...ALICE,
      password: 'no',
    })
    assert.ok((await lines({}, { user: 'alice' })).some((line) => line.startsWith('skipped password')))
  })

  test('ok/bindMode simple asks as the user, and says so where there is none', async () => {
    const simple = {
      bindMode: 'simple',
      userDn: `uid={user},ou=RD1,${PEOPLE}`,
      bindDn: undefined,
      bindPassword: undefined,
    }
    await fails(simple, /bind: uid=alice,.* -> The password is wrong, or no user is where userDn says/, {
      user: 'alice',
      password: 'wrong',
    })
    const said = await lines(simple, ALICE)
    assert.ok(
      said.every((line) => /^(ok|skipped)/.test(line)),
      said.join('\n'),
    )
    assert.ok(
      (await lines(simple)).some((line) =>
        /^skipped base DN: bindMode simple asks as the user alone/.test(line),
      ),
    )
  })

  test('TACACS+: the secret and a login, or why not', async () => {
    const secret = 'secret-of-the-tacacs-server'
    await using server = await TacacsServer.open(secret, [{ name: 'carol', password: 'pw' }])
    const tacacs = async (settings: object, question: Question = {}): Promise<string> => {
      const source = {
        name: 'old',
        kind: 'tacacs',
        servers: [`127.0.0.1:${server.port}`],
        secret,
        ...settings,
      }
      const { sources } = configurationSchema.parse({ sources: [source] }) as Configuration
      const { steps } = await testSource({ sources }, 'old', question)
      return steps.map(({ step, outcome }) => `${step} ${outcome}`).join(', ')
    }
    assert.equal(await tacacs({}), 'tcp ok, secret ok, password skipped')
    assert.equal(await tacacs({}, { user: 'carol', password: 'pw' }), 'tcp ok, secret ok, password ok')
    assert.equal(await tacacs({}, { user: 'carol', password: 'no' }), 'tcp ok, secret ok, password failed')
    assert.equal(await tacacs({ secret: 'another-secret-of-it' }), 'tcp ok, secret failed, password skipped')
    assert.equal(await tacacs({ servers: ['127.0.0.1:9'] }), 'tcp failed, secret skipped, password skipped')
  })

  test('fail/a source that is not there, or asks nobody else', async () => {
    const { sources } = configurationSchema.parse({
      sources: [{ name: 'local', kind: 'local' }],
    }) as Configuration
    await assert.rejects(testSource({ sources }, 'ad', {}), { code: 'not-found' })
    await assert.rejects(testSource({ sources }, 'local', {}), { code: 'request-invalid' })
  })
})

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not a TCP port')
  return address.port
}
