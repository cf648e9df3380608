/** Certificates by template through the command line: what openssl reads in them, and who logs in. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { skipReason } from '@sallyport/lab/debian'
import { eapolTest } from '@sallyport/lab/eapol-test'
import { runToEnd, temporaryFolder } from '@sallyport/lab/process'
import { type Sallyport, startSallyport } from '@sallyport/lab/sallyport'

const TEMPLATES = [
  {
    ...{ name: 'gateway', base: 'vpn-gateway', names: 'requested', validityDays: 90 },
    allowedNames: ['*.example.org', '192.0.2.0/24'],
  },
  {
    ...{ name: 'radsec', base: 'radsec', names: 'requested', approval: 'required' },
    allowedNames: ['*.example.org'],
  },
  { name: 'web', base: 'web-server', names: 'requested', allowedNames: ['*.example.org'] },
  { name: 'radius', base: 'radius-server', names: 'requested', allowedNames: ['*.example.org'] },
]

describe('certificates by template', { skip: skipReason('eapoltest', 'openssl') }, () => {
  const folder = temporaryFolder()
  const at = (...names: string[]) => join(folder.path, ...names)
  let server: Sallyport
  let secret = ''

  before(async () => {
    server = await startSallyport({ data: at('data'), args: ['--bind', '127.0.0.1'] })
    secret = / {3}secret (\S+)$/m.exec(server.process.output())?.[1] ?? assert.fail('no secret was shown')
    await server.apply(JSON.stringify({ certificateTemplates: TEMPLATES }))
    const { root, issuing } = await server.api.send<{ root: string; issuing: string }>('GET', '/ca')
    await runToEnd('sh', ['-c', 'cat > "$1"', 'sh', at('root.pem')], { input: root })
    await runToEnd('sh', ['-c', 'cat > "$1"', 'sh', at('issuing.pem')], { input: issuing })
  })
  after(async () => {
    await server?.[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })

  async function openssl(...words: string[]): Promise<string> {
    const { code, output } = await runToEnd('openssl', words)
    assert.equal(code, 0, output)
    return output
  }

  async function cli(...words: string[]): Promise<string> {
    const { code, output } = await server.cli(...words)
    assert.equal(code, 0, output)
    return output
  }

  async function request(name: string, san: string): Promise<string> {
    const csr = at(`${name}.csr`)
    const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', at(`${name}.key`)]
    await openssl(
      'req',
      '-new',
      ...key,
      '-subj',
      `/CN=${name}`,
      '-addext',
      `subjectAltName=${san}`,
      '-out',
      csr,
    )
    return csr
  }

  async function verify(file: string, purpose: string): Promise<void> {
    const chain = ['-CAfile', at('root.pem'), '-untrusted', at('issuing.pem')]
    const output = await openssl('verify', '-x509_strict', ...chain, '-purpose', purpose, file)
    assert.equal(output, `${file}: OK\n`)
  }

  it('ok/a VPN gateway: a request waits, an administrator reads it and approves, openssl reads the result', async () => {
    const csr = await request('vpn.example.org', 'DNS:vpn.example.org,IP:192.0.2.1')
    const waits = await cli('certificates', 'request', '--template', 'gateway', '--csr', csr)
    const id = /^Request (\d+) is pending/.exec(waits)?.[1] ?? assert.fail(waits)
    assert.match(
      waits,
      /asks for CN=vpn\.example\.org, dns:vpn\.example\.org, ip:192\.0\.2\.1 \(rsa 2048 key\)/,
    )
    assert.match(
      await cli('certificates', 'requests', '--status', 'pending'),
      new RegExp(`${id} .* gateway `),
    )
    const file = at('gateway.pem')
    await cli('certificates', 'approve', id, '--out', file)
    const text = await openssl('x509', '-noout', '-text', '-in', file)
    assert.match(text, /Subject: CN = vpn\.example\.org/)
    assert.match(
      text,
      /TLS Web Server Authentication, (ipsec Internet Key Exchange|1\.3\.6\.1\.5\.5\.8\.2\.2)/,
    )
    assert.match(text, /DNS:vpn\.example\.org, IP Address:192\.0\.2\.1/)
    assert.match(text, /Digital Signature, Key Encipherment/)
    assert.match(text, /1\.3\.6\.1\.4\.1\.311\.21\.7|Microsoft certificate template/i)
    await verify(file, 'sslserver')
    const twice = await server.cli('certificates', 'approve', id)
    assert.match(twice.output, /is issued already/)
    const again = await cli('certificates', 'requests', id)
    assert.match(again, /approved by \S+/)
  })

  it('fail/a name the template does not allow, and one that is denied', async () => {
    const foreign = await request('vpn.example.net', 'DNS:vpn.example.net')
    const refused = await server.cli('certificates', 'request', '--template', 'gateway', '--csr', foreign)
    assert.deepEqual(
      [refused.code, refused.output],
      [
        1,
        'Template "gateway" does not allow the name dns:vpn.example.net.\nNext: Administrator: correct the name, or add it to `allowedNames` of the template.\n',
      ],
    )
    const csr = await request('www.example.org', 'DNS:www.example.org')
    const waits = await cli('certificates', 'request', '--template', 'web', '--csr', csr)
    const id = /^Request (\d+)/.exec(waits)?.[1] ?? assert.fail(waits)
    assert.match(await cli('certificates', 'deny', id, '--note', 'who are you?'), /is denied.*who are you\?/s)
    const after = await server.cli('certificates', 'approve', id)
    assert.equal(after.code, 1)
    assert.match(after.output, new RegExp(`^Certificate request ${id} is denied already\\.\n`))
  })

  it('ok/the other servers: usages as openssl sees them', async () => {
    for (const [template, purposes] of [
      ['web', ['sslserver']],
      ['radius', ['sslserver']],
      ['radsec', ['sslserver', 'sslclient']],
    ] as const) {
      const name = `${template}.example.org`
      const csr = await request(name, `DNS:${name}`)
      const waits = await cli('certificates', 'request', '--template', template, '--csr', csr)
      const id = /^Request (\d+)/.exec(waits)?.[1] ?? assert.fail(waits)
      await cli('certificates', 'approve', id, '--out', at(`${template}.pem`))
      for (const purpose of purposes) await verify(at(`${template}.pem`), purpose)
      const wrong = purposes.length === 2 ? [] : ['sslclient']
      for (const purpose of wrong) {
        const chain = ['-CAfile', at('root.pem'), '-untrusted', at('issuing.pem')]
        const { code } = await runToEnd('openssl', [
          'verify',
          ...chain,
          '-purpose',
          purpose,
          at(`${template}.pem`),
        ])
        assert.notEqual(code, 0)
      }
    }
  })

  for (const form of ['modern', 'legacy'] as const) {
    it(`ok/PKCS #12 in the ${form} form: openssl opens it, and eapol_test logs in with it`, async () => {
      const flags = form === 'legacy' ? ['--legacy'] : []
      const output = await cli('certificates', 'pkcs12', '--user', 'demo', '--out', at(form), ...flags)
      const password = / password (\S+) /.exec(output)?.[1] ?? assert.fail(output)
      assert.equal(/old form/.test(output), form === 'legacy')
      const file = at(form, 'demo.p12')
      const info = await openssl('pkcs12', '-in', file, '-passin', `pass:${password}`, '-info', '-nodes')
      assert.match(
        info,
        form === 'legacy' ? /pbeWithSHA1And3-KeyTripleDES-CBC/ : /PBES2, PBKDF2, AES-256-CBC/,
      )
      assert.ok(!readFileSync(file).includes('demo'))
      const { success, output: log } = await eapolTest({
        network: [
          ...['eap=TLS', 'identity="demo"', `ca_cert="${at('root.pem')}"`],
          ...[`private_key="${file}"`, `private_key_passwd="${password}"`],
        ],
        ...{ folder: folder.path, mac: '02:00:00:00:0c:01', seconds: 5 },
        server: { port: server.authPort, secret },
      })
      assert.ok(success, log.slice(-2000))
    })
  }

  it('ok/the template of a person: SID, UPN and template information where openssl finds them', async () => {
    await cli('certificates', 'issue', '--user', 'demo', '--out', at('issued'))
    const file = at('issued', 'demo.pem')
    await verify(file, 'sslclient')
    const parsed = await openssl('x509', '-in', file, '-outform', 'DER', '-out', at('demo.der'))
    assert.equal(parsed, '')
    const tree = await openssl('asn1parse', '-inform', 'DER', '-in', at('demo.der'))
    assert.match(tree, /1\.3\.6\.1\.4\.1\.311\.21\.7|Microsoft certificate template/i)
    assert.match(tree, /1\.3\.6\.1\.4\.1\.311\.21\.10|Microsoft Application Policies/i)
    // A local account has no SID.
    assert.doesNotMatch(tree, /1\.3\.6\.1\.4\.1\.311\.25\.2/)
    const names = await openssl('x509', '-in', file, '-noout', '-ext', 'subjectAltName')
    assert.match(
      names,
      /othername: ?(UPN::?|<unsupported>|1\.3\.6\.1\.4\.1\.311\.20\.2\.3).*URI:urn:sallyport:user:/is,
    )
  })

  it('fail/a deadly template is refused by apply, which names the class; lint tells of the lesser ones', async () => {
    const deadly = { name: 'all', enrol: { groups: ['VPN Users'] }, extendedKeyUsages: ['2.5.29.37.0'] }
    await assert.rejects(server.apply(JSON.stringify({ certificateTemplates: [deadly] })), /ESC2/)
    const lint = await server.cli('templates', 'lint')
    assert.equal(lint.code, 1)
    assert.match(lint.output, /^warning radsec\/names \(template-esc1-approved\): ESC1: /m)
    const shown = await cli('templates', 'show', 'gateway')
    assert.match(shown, /extendedKeyUsages +1\.3\.6\.1\.5\.5\.7\.3\.1, 1\.3\.6\.1\.5\.5\.8\.2\.2/)
    assert.match(await cli('templates'), /^built-in +user /m)
  })
})
