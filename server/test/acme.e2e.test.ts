/** ACME clients of others against the server: lego, certbot, dehydrated, acme-tiny and the acme library of Python. */
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type AccountBinding, type AcmeRequest, certbot, lego, legoRevoke } from '@sallyport/lab/acme-clients'
import { acmeTiny, ChallengeWeb, dehydrated, dehydratedRevoke, pythonAcme } from '@sallyport/lab/acme-scripts'
import { ChallengeDns } from '@sallyport/lab/challenge-dns'
import { skipReason } from '@sallyport/lab/debian'
import { freeTcpPort } from '@sallyport/lab/free-port'
import { runToEnd, start, type TemporaryFolder, temporaryFolder } from '@sallyport/lab/process'
import { type Sallyport, startSallyport } from '@sallyport/lab/sallyport'
import type { Enrolled } from '@sallyport/lab/scep-client'
import { decodePem, parseCertificate, serialText } from '@sallyport/pki'

const missing = skipReason(
  ...(['lego', 'certbot', 'dehydrated', 'acme-tiny', 'python3-acme', 'pebble', 'openssl'] as const),
)

describe('ACME with foreign clients', { skip: missing, concurrency: false }, () => {
  let folder: TemporaryFolder
  let server: Sallyport
  let dns: ChallengeDns
  let challengePort = 0

  before(async () => {
    folder = temporaryFolder('sallyport-acme-')
    const data = join(folder.path, 'data')
    mkdirSync(data)
    challengePort = await freeTcpPort()
    dns = await ChallengeDns.start()
    server = await startSallyport({ data, args: ['--bind', '127.0.0.1'] })
    await server.apply(`
enrolment:
  acme:
    enabled: true
    openTemplates: [open]
    validation: { httpPort: ${challengePort}, tlsPort: ${challengePort}, resolvers: ['127.0.0.1:${dns.port}'], networks: [127.0.0.0/8] }
certificateTemplates:
  - { name: web, base: web-server, names: proved, allowedNames: ['*.lab.test', 127.0.0.1], keys: { algorithms: [p256, rsa] } }
  - { name: open, base: web-server, names: proved, allowedNames: ['*.lab.test'] }
`)
  })
  after(async () => {
    await server?.[Symbol.asyncDispose]()
    await dns?.[Symbol.asyncDispose]()
    folder?.[Symbol.dispose]()
  })

  const serverOf = (template: string) => ({
    directory: `https://localhost:${server.enrolPort}/acme/${template}/directory`,
    root: join(server.data, 'ca.pem'),
  })
  const newKey = async (...more: string[]): Promise<AccountBinding> => {
    const { code, output } = await server.cli(
      'acme',
      'keys',
      'create',
      '--template',
      'web',
      '--json',
      ...more,
    )
    assert.equal(code, 0, output)
    const { id, macKey } = JSON.parse(output) as { id: string; macKey: string }
    return { keyId: id, hmac: macKey }
  }
  const at = (name: string): string => {
    const path = join(folder.path, name)
    mkdirSync(path, { recursive: true })
    return path
  }
  const leafOf = ({ issued, output }: Enrolled) => {
    assert.ok(issued, output)
    const [der = new Uint8Array()] = decodePem('CERTIFICATE', readFileSync(issued.certificate, 'utf8'))
    return parseCertificate(der)
  }
  const namesOf = (enrolled: Enrolled) =>
    (leafOf(enrolled).extensions.subjectAltName ?? []).map((name) =>
      name.kind === 'dns' ? name.name : name.kind === 'ip' ? name.octets.join('.') : name.kind,
    )
  const statusOf = async (enrolled: Enrolled): Promise<string | undefined> => {
    const serial = serialText(leafOf(enrolled).serial).replaceAll(':', '').toLowerCase()
    const { output } = await server.cli('certificates', 'list', serial, '--json')
    return (JSON.parse(output) as { items: { status: string }[] }).items[0]?.status
  }

  it('fail/ a key for a user nobody has', async () => {
    const line = ['acme', 'keys', 'create', '--template', 'web', '--user', 'nobody'] as const
    const { code, output } = await server.cli(...line)
    assert.notEqual(code, 0)
    assert.match(output, /nobody/)
  })

  describe('lego', () => {
    let request: AcmeRequest
    let enrolled: Enrolled
    before(async () => {
      request = {
        server: serverOf('web'),
        folder: at('lego'),
        domains: ['www.lab.test', 'api.lab.test'],
        binding: await newKey('--names', '*.lab.test'),
        challengePort,
      }
    })

    it('ok/ http-01 with external account binding; curl trusts the certificate', async () => {
      enrolled = await lego(request)
      assert.deepEqual(namesOf(enrolled), ['www.lab.test', 'api.lab.test'])
      await showTo('www.lab.test', enrolled)
    })
    it('ok/ renewed with a new key', async () => {
      const before = leafOf(enrolled)
      enrolled = await lego(request, 'renew')
      const now = leafOf(enrolled)
      assert.notDeepEqual(now.serial, before.serial)
      assert.notDeepEqual(now.spki, before.spki)
    })
    it('ok/ revoked; fail/ once more', async () => {
      assert.equal(await statusOf(enrolled), 'issued')
      await legoRevoke(request)
      assert.equal(await statusOf(enrolled), 'revoked')
      await assert.rejects(legoRevoke(request), /alreadyRevoked/)
    })
    it('ok/ tls-alpn-01 with an RSA key', async () => {
      const rsa = {
        ...request,
        domains: ['tls.lab.test'],
        challenge: 'tls-alpn-01',
        keyType: 'rsa2048',
      } as const
      const got = await lego(rsa)
      assert.deepEqual(namesOf(got), ['tls.lab.test'])
      assert.equal(leafOf(got).publicKey?.asymmetricKeyType, 'rsa')
    })
    it('ok/ a wildcard by dns-01; fail/ by http-01', async () => {
      const hook = dns.writeHook(join(folder.path, 'lego-hook'))
      const wild = { ...request, domains: ['*.lab.test'], challenge: 'dns-01', hook } as const
      assert.deepEqual(namesOf(await lego(wild)), ['*.lab.test'])
      const refused = await lego({ ...request, domains: ['*.wild.lab.test'] })
      assert.equal(refused.issued, undefined)
    })
    it('fail/ a name that is not allowed, a key that was used', async () => {
      const foreign = await lego({ ...request, domains: ['www.example.org'] })
      assert.match(foreign.output, /rejectedIdentifier/)
      const stolen = await lego({ ...request, folder: at('stolen') })
      assert.match(stolen.output, /another account was made with it already/)
    })
    it('fail/ a deactivated account', async () => {
      const { output } = await server.cli('acme', 'accounts', 'list', '--json')
      const { items } = JSON.parse(output) as { items: { id: string; key?: string }[] }
      const mine = items.find(({ key }) => key === request.binding?.keyId)
      assert.ok(mine)
      assert.equal((await server.cli('acme', 'accounts', 'deactivate', mine.id)).code, 0)
      const refused = await lego(request, 'renew')
      assert.match(refused.output, /deactivated/)
    })
  })

  it('ok/ certbot: http-01 with external account binding, renewed', async () => {
    const request = {
      ...{ server: serverOf('web'), folder: at('certbot'), domains: ['certbot.lab.test'] },
      ...{ binding: await newKey(), challengePort },
    }
    const first = await certbot(request)
    assert.deepEqual(namesOf(first), ['certbot.lab.test'])
    const { serial } = leafOf(first)
    assert.notDeepEqual(leafOf(await certbot(request, 'renew')).serial, serial)
  })

  it('ok/ dehydrated: http-01, a wildcard by dns-01, revoked', async () => {
    await using web = await ChallengeWeb.start(at('well-known'), challengePort)
    const request = { server: serverOf('web'), folder: at('dehydrated'), binding: await newKey() }
    const first = await dehydrated(
      { ...request, domains: ['dehydrated.lab.test'] },
      { wellKnown: web.folder },
    )
    assert.deepEqual(namesOf(first), ['dehydrated.lab.test'])
    const hook = dns.writeHook(join(folder.path, 'dehydrated-hook'))
    const wild = await dehydrated({ ...request, domains: ['*.lab.test'] }, { hook })
    assert.deepEqual(namesOf(wild), ['*.lab.test'])
    const { code, output } = await dehydratedRevoke(request.folder)
    assert.equal(code, 0, output)
  })

  it('ok/ acme-tiny at an open directory; fail/ where a key is needed', async () => {
    await using web = await ChallengeWeb.start(at('well-known'), challengePort)
    const request = { folder: at('tiny'), domains: ['tiny.lab.test'] }
    const got = await acmeTiny({ ...request, server: serverOf('open') }, { wellKnown: web.folder })
    assert.deepEqual(namesOf(got), ['tiny.lab.test'])
    const refused = await acmeTiny({ ...request, server: serverOf('web') }, { wellKnown: web.folder })
    assert.match(refused.output, /externalAccountRequired/)
  })

  it('ok/ acme of Python: an account key of P-256, a name and an address (RFC 8738), revoked', async () => {
    await using web = await ChallengeWeb.start(at('well-known'), challengePort)
    const request = { server: serverOf('web'), folder: at('python'), domains: ['py.lab.test', '127.0.0.1'] }
    const got = await pythonAcme({ ...request, binding: await newKey() }, { wellKnown: web.folder })
    assert.deepEqual(namesOf(got).sort(), ['127.0.0.1', 'py.lab.test'])
    assert.equal(await statusOf(got), 'revoked')
  })

  /** A TLS server with the certificate and its chain, and curl that knows the root alone. */
  async function showTo(name: string, { issued }: Enrolled): Promise<void> {
    assert.ok(issued)
    const port = await freeTcpPort()
    const chain = ['-cert', issued.certificate, '-key', issued.key, '-cert_chain', issued.certificate]
    await using tls = start('openssl', ['s_server', '-accept', `127.0.0.1:${port}`, '-www', ...chain])
    await tls.waitFor(/ACCEPT/)
    const curl = (...more: string[]) =>
      runToEnd('curl', ['-sS', '--noproxy', '*', '--resolve', `*:${port}:127.0.0.1`, ...more])
    const root = join(server.data, 'ca.pem')
    const good = await curl('--cacert', root, `https://${name}:${port}/`)
    assert.equal(good.code, 0, good.output)
    assert.equal((await curl('--cacert', root, `https://other.lab.test:${port}/`)).code, 60)
  }
})
