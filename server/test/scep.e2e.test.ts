/** SCEP with clients that are not ours: scepclient, pki of strongSwan, certmonger, curl; eapol_test logs in with the result. */
import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { LabCertificate } from '@sallyport/lab/certificates'
import { Certmonger } from '@sallyport/lab/certmonger'
import { skipReason } from '@sallyport/lab/debian'
import { eapolTest } from '@sallyport/lab/eapol-test'
import { runToEnd, temporaryFolder } from '@sallyport/lab/process'
import { type Sallyport, startSallyport } from '@sallyport/lab/sallyport'
import { scepClient } from '@sallyport/lab/scep-client'
import { pkiScep, pkiScepCa, type ScepAuthorities, type ScepRequest } from '@sallyport/lab/strongswan-pki'
import { until } from '@sallyport/lab/until'

const CONFIGURATION = `
enrolment:
  scep: {enabled: true, allowSha1: true, allowDes: true}
certificateTemplates:
  - {name: laptops, base: user, enrol: {groups: [VPN Users]}, keys: {algorithms: [rsa], reuse: true}, perHolder: 100}
  - {name: vetted, base: user, enrol: {groups: [VPN Users]}, keys: {algorithms: [rsa]}, approval: required}
`

describe('SCEP', {
  skip: skipReason('scep', 'strongswan-pki', 'certmonger', 'eapoltest', 'curl', 'openssl'),
}, () => {
  const folder = temporaryFolder()
  let server: Sallyport
  let secret = ''
  let url = ''

  before(async () => {
    const data = join(folder.path, 'data')
    mkdirSync(data)
    server = await startSallyport({ data, args: ['--bind', '127.0.0.1', '--enrol-bind', '127.0.0.1'] })
    secret = / {3}secret (\S+)$/m.exec(server.process.output())?.[1] ?? assert.fail('no secret was shown')
    const file = join(folder.path, 'scep.yaml')
    writeFileSync(file, CONFIGURATION)
    const { code, output } = await server.cli('apply', '-f', file)
    assert.equal(code, 0, output)
    url = `http://127.0.0.1:${server.httpPort}/scep`
    const { succeeded, output: said } = await pkiScepCa(url, folder.path)
    assert.equal(succeeded, true, said)
  })
  after(async () => {
    await server?.[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })

  async function challenge(template = 'laptops'): Promise<string> {
    const { code, output } = await server.cli(
      'challenges',
      'create',
      '--template',
      template,
      '--user',
      'demo',
    )
    assert.equal(code, 0, output)
    return /^([A-Z2-9-]{29})$/m.exec(output)?.[1] ?? assert.fail(output)
  }

  const at = (file: string): string => join(folder.path, file)
  /** What `pki --scepca` made of our answer: the root, and the registration authority below the issuing CA. */
  const authorities = (): ScepAuthorities => ({
    root: at('scep-ca.pem'),
    encryption: at('scep-ra.pem'),
    signature: at('scep-ra.pem'),
  })

  async function strongSwan(name: string, more: Partial<ScepRequest>) {
    return await pkiScep({
      ...{ url, name, authorities: authorities(), folder: folder.path, dn: 'CN=demo' },
      ...more,
    })
  }

  /** scepclient envelopes for every certificate it is given, and falls over one without an RSA key: it is told which. */
  async function go(name: string, secretOfOne?: string) {
    const ra = new X509Certificate(readFileSync(authorities().encryption))
    const fingerprint = ra.fingerprint256.replaceAll(':', '').toLowerCase()
    const wish = { url, folder: folder.path, name, commonName: 'demo', fingerprint }
    return await scepClient({ ...wish, ...(secretOfOne !== undefined && { challenge: secretOfOne }) })
  }

  const serialOf = (file: string): string =>
    new X509Certificate(readFileSync(file)).serialNumber.toLowerCase()

  async function logsIn({ certificate, key }: LabCertificate): Promise<boolean> {
    const result = await eapolTest({
      network: [
        'eap=TLS',
        'identity="demo"',
        `ca_cert="${join(server.data, 'ca.pem')}"`,
        `client_cert="${certificate}"`,
        `private_key="${key}"`,
      ],
      server: { port: server.authPort, secret },
      folder: folder.path,
    })
    return result.success
  }

  it('ok/curl reads capabilities and certificates on every path, with and without TLS', async () => {
    const bases = [`http://127.0.0.1:${server.httpPort}`, `https://127.0.0.1:${server.enrolPort}`]
    const paths = ['/scep', '/scep/laptops', '/cgi-bin/pkiclient.exe', '/certsrv/mscep/mscep.dll']
    for (const base of bases) {
      for (const path of paths) {
        const trust = ['--cacert', join(server.data, 'ca.pem')]
        const caps = await runToEnd('curl', ['-s', ...trust, `${base}${path}?operation=GetCACaps`])
        assert.match(caps.output, /^AES\nSHA-256\nSHA-384\n(?!.*\n\n)/, path)
      }
    }
    const file = at('cacert.p7b')
    const { output } = await runToEnd('curl', [
      '-s',
      '-D',
      '-',
      '-o',
      file,
      `${url}?operation=GetCACert&message=0`,
    ])
    assert.match(output, /content-type: application\/x-x509-ca-ra-cert/i)
    const printed = await runToEnd('openssl', [
      'pkcs7',
      '-inform',
      'DER',
      '-in',
      file,
      '-print_certs',
      '-noout',
    ])
    assert.match(printed.output, /SCEP RA[\s\S]*Issuing CA[\s\S]*Root CA/)
  })

  it('ok/scepclient enrols and logs in; with its certificate it renews', async () => {
    const { issued, output } = await go('go', await challenge())
    assert.ok(issued !== undefined, output + server.process.output().slice(-1500))
    assert.equal(await logsIn(issued), true)
    const before = serialOf(issued.certificate)
    const renewed = await go('go')
    assert.ok(renewed.issued !== undefined, renewed.output)
    assert.notEqual(serialOf(issued.certificate), before)
    assert.equal(await logsIn(renewed.issued), true)
  })

  it('ok/strongSwan enrols and logs in; with its certificate it renews by another key', async () => {
    const { issued, output } = await strongSwan('swan', { challenge: await challenge() })
    assert.ok(issued !== undefined, output)
    assert.equal(await logsIn(issued), true)
    const renewed = await strongSwan('swan-2', { renew: issued })
    assert.ok(renewed.issued !== undefined, renewed.output)
    assert.equal(await logsIn(renewed.issued), true)
  })

  it('ok/strongSwan names the template, waits for approval and polls', async () => {
    const waiting = strongSwan('vetted', { challenge: await challenge('vetted'), profile: 'vetted' })
    await approveFirst()
    const { issued, output } = await waiting
    assert.ok(issued !== undefined, output)
    assert.match(output, /request pending/)
    assert.equal(await logsIn(issued), true)
  })

  it('fail/strongSwan with a challenge that is wrong, used, or of another template', async () => {
    const used = await challenge()
    assert.ok((await strongSwan('once', { challenge: used })).issued !== undefined)
    for (const [name, wish] of [
      ['wrong', { challenge: 'AAAAA-AAAAA-AAAAA-AAAAA-AAAAA' }],
      ['used', { challenge: used }],
      ['none', {}],
      ['other', { challenge: await challenge(), profile: 'vetted' }],
      ['foreign', { challenge: await challenge(), sans: ['root@example.org'] }],
    ] as const) {
      const { issued, output } = await strongSwan(name, wish)
      assert.equal(issued, undefined, name)
      assert.match(output, /badRequest/, name)
    }
  })

  it('ok/certmonger enrols, logs in, and renews by itself', async () => {
    await using certmonger = await Certmonger.start(folder.path)
    await certmonger.addScepCa('ours', url)
    const tracked = await certmonger.request('ours', {
      name: 'cm',
      subject: 'CN=demo',
      challenge: await challenge(),
    })
    await certmonger.waitFor('cm', /MONITORING/)
    assert.equal(await logsIn(tracked), true)
    const before = serialOf(tracked.certificate)
    await certmonger.renew('cm')
    await until('certmonger has another certificate', async () =>
      // The file is empty for a moment.
      readFileSync(tracked.certificate, 'utf8').includes('END') && serialOf(tracked.certificate) !== before
        ? true
        : undefined,
    )
    await certmonger.waitFor('cm', /MONITORING/)
    assert.equal(await logsIn(tracked), true)

    await certmonger.request('ours', { name: 'refused', subject: 'CN=demo', challenge: 'AAAAA' })
    const said = await certmonger.waitFor('refused', /CA_REJECTED/)
    assert.match(said, /not permitted or is not supported/)
  })

  /** An administrator lets the first request that waits be issued. */
  async function approveFirst(): Promise<void> {
    const id = await until('a request waits', async () => {
      const { output } = await server.cli('certificates', 'requests', '--status', 'pending', '--json')
      return /"id": (\d+)/.exec(output)?.[1]
    })
    const { code, output } = await server.cli('certificates', 'approve', id)
    assert.equal(code, 0, output)
  }
})
