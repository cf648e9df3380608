/** What is published about certificates of the own CA; the judges are openssl, gnutls, strongSwan and curl. */
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { skipReason } from '@sallyport/lab/debian'
import { runToEnd, temporaryFolder } from '@sallyport/lab/process'
import { type Sallyport, startSallyport } from '@sallyport/lab/sallyport'
import { until } from '@sallyport/lab/until'

interface Issued {
  readonly serial: string
  readonly chain: string
  readonly ca: string
  readonly root: string
}

describe('certificate status', {
  skip: skipReason('openssl', 'curl', 'gnutls-bin', 'strongswan-pki'),
}, () => {
  const folder = temporaryFolder()
  const at = (name: string) => join(folder.path, name)
  let server: Sallyport
  let url = ''

  before(async () => {
    mkdirSync(at('data'))
    server = await startSallyport({
      data: at('data'),
      args: ['--bind', '127.0.0.1', '--enrol-bind', '127.0.0.1'],
    })
    url = `http://127.0.0.1:${server.httpPort}`
    writeFileSync(at('enrolment.yaml'), `enrolment:\n  httpUrl: ${url}\n`)
    const { code, output } = await server.cli('apply', '-f', at('enrolment.yaml'))
    assert.equal(code, 0, output)
  })
  after(async () => {
    await server?.[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })

  const run = async (program: string, ...args: string[]) => (await runToEnd(program, args)).output

  let count = 0
  async function issue(user = `user${++count}`): Promise<Issued> {
    await server.api.send('POST', '/users', { name: user })
    const out = at(`issued-${user}`)
    const { code, output } = await server.cli('certificates', 'issue', '--user', user, '--out', out)
    assert.equal(code, 0, output)
    const serial = /^Issued ([0-9a-f]+) /.exec(output)?.[1] ?? assert.fail(output)
    const chain = join(out, `${user}.pem`)
    const [leaf = '', issuing = ''] = readFileSync(chain, 'utf8').split(/(?<=END CERTIFICATE-----\n)/)
    writeFileSync(`${out}.leaf.pem`, leaf)
    writeFileSync(`${out}.ca.pem`, issuing)
    return { serial, chain: `${out}.leaf.pem`, ca: `${out}.ca.pem`, root: join(out, 'ca.pem') }
  }

  async function change(
    action: 'revoke' | 'hold' | 'release',
    { serial }: Issued,
    ...args: string[]
  ): Promise<string> {
    const { code, output } = await server.cli('certificates', action, serial, ...args)
    assert.equal(code, 0, output)
    return output
  }

  /** `good`, `revoked` or `unknown`: the line is what counts, openssl's exit code is 0 for all of them. */
  async function ocsp({ chain, ca, root }: Issued, ...args: string[]): Promise<string> {
    const [hash = '-sha1', ...others] = args[0]?.startsWith('-sha') ? args : ['-sha1', ...args]
    const output = await run(
      'openssl',
      'ocsp',
      hash,
      '-issuer',
      ca,
      '-cert',
      chain,
      '-url',
      `${url}/ocsp`,
      '-CAfile',
      root,
      ...others,
    )
    assert.match(output, /Response verify OK/)
    return /: (good|revoked|unknown)$/m.exec(output)?.[1] ?? assert.fail(output)
  }

  const keyIdOf = async (file: string) =>
    (await run('openssl', 'x509', '-in', file, '-noout', '-ext', 'subjectKeyIdentifier'))
      .split('\n')[1]
      ?.replaceAll(/[: ]/g, '')
      .toLowerCase() ?? assert.fail()

  async function fetchTo(path: string, file: string): Promise<void> {
    const output = await run('curl', '-sS', '--fail', '-o', at(file), url + path)
    assert.equal(output, '')
  }

  const crlText = (file: string) =>
    run('openssl', 'crl', '-inform', 'DER', '-in', at(file), '-noout', '-text')
  const upper = ({ serial }: Issued) => serial.toUpperCase()

  it('ok/a certificate says where its state is, and it is there', async () => {
    const issued = await issue()
    const keyId = await keyIdOf(issued.ca)
    const text = await run('openssl', 'x509', '-in', issued.chain, '-noout', '-text')
    for (const path of [`/ca/${keyId}.cer`, `/crl/${keyId}.crl`, '/ocsp'])
      assert.ok(text.includes(`URI:${url}${path}`), text)
    await fetchTo(`/ca/${keyId}.cer`, 'ca.cer')
    const same = await run('openssl', 'x509', '-inform', 'DER', '-in', at('ca.cer'))
    assert.equal(same, readFileSync(issued.ca, 'utf8'))
    const head = await run('curl', '-sSI', `${url}/crl/${keyId}.crl`)
    assert.match(head, /200 OK[\s\S]*application\/pkix-crl/)
    const tag = /^etag: (.+?)\r?$/im.exec(head)?.[1] ?? assert.fail(head)
    assert.match(
      await run('curl', '-sSi', '-H', `If-None-Match: ${tag}`, `${url}/crl/${keyId}.crl`),
      /304 Not Modified/,
    )
    assert.match(await run('curl', '-sSi', `${url}/crl/${'0'.repeat(40)}.crl`), /404 Not Found/)
  })

  it('ok/openssl ocsp: good, revoked at once, held and released; SHA-1 and SHA-256, with a nonce and without', async () => {
    const issued = await issue()
    for (const form of [['-sha1'], ['-sha256'], ['-sha1', '-no_nonce'], ['-sha256', '-no_nonce']]) {
      assert.equal(await ocsp(issued, ...form), 'good', form.join(' '))
    }
    await change('hold', issued)
    assert.equal(await ocsp(issued, '-no_nonce'), 'revoked')
    await change('release', issued)
    assert.equal(await ocsp(issued, '-no_nonce'), 'good')
    assert.match(
      await change('revoke', issued, '--reason', 'keyCompromise'),
      /OCSP: answers by it\. Published: delta CRL/,
    )
    const file = at('answer.der')
    assert.equal(await ocsp(issued, '-no_nonce', '-respout', file), 'revoked')
    const text = await run('openssl', 'ocsp', '-respin', file, '-noverify', '-resp_text')
    assert.match(text, /Revocation Reason: keyCompromise/)
    assert.match(text, /Next Update: /)
  })

  it('ok/by GET, escaped or with slashes in it; kept by its tag', async () => {
    const issued = await issue()
    const request = at('request.der')
    await run('openssl', 'ocsp', '-issuer', issued.ca, '-cert', issued.chain, '-no_nonce', '-reqout', request)
    const base64 = readFileSync(request).toString('base64')
    for (const path of [encodeURIComponent(base64), base64, `/${base64}`]) {
      await fetchTo(`/ocsp/${path}`, 'answer.der')
      const output = await run(
        'openssl',
        'ocsp',
        '-respin',
        at('answer.der'),
        '-issuer',
        issued.ca,
        '-cert',
        issued.chain,
        '-CAfile',
        issued.root,
      )
      assert.match(output, /: good$/m, path)
    }
    const head = await run(
      'curl',
      '-sSi',
      '-o',
      '/dev/null',
      '-D',
      '-',
      `${url}/ocsp/${encodeURIComponent(base64)}`,
    )
    assert.match(head, /application\/ocsp-response/)
    assert.match(head, /cache-control: max-age=\d+, public, no-transform, must-revalidate/i)
    const tag = /^etag: (.+?)\r?$/im.exec(head)?.[1] ?? assert.fail(head)
    const again = await run(
      'curl',
      '-sSi',
      '-H',
      `If-None-Match: ${tag}`,
      `${url}/ocsp/${encodeURIComponent(base64)}`,
    )
    assert.match(again, /304 Not Modified/)
  })

  it('ok/ocsptool of GnuTLS: good, then revoked; with a nonce and without', async () => {
    const issued = await issue()
    const ask = async (nonce: '--nonce' | '--no-nonce') => {
      // It trusts whom it is told to, not the chain above.
      const certificates = [
        '--load-cert',
        issued.chain,
        '--load-issuer',
        issued.ca,
        '--load-trust',
        issued.ca,
      ]
      const output = await run('ocsptool', `--ask=${url}/ocsp`, nonce, ...certificates)
      assert.match(output, /Verifying OCSP Response: Success/)
      assert.equal(/^\s+Nonce: /m.test(output), nonce === '--nonce')
      return /Certificate Status: (\w+)/.exec(output)?.[1]
    }
    assert.deepEqual([await ask('--nonce'), await ask('--no-nonce')], ['good', 'good'])
    await change('revoke', issued, '--reason', 'keyCompromise')
    assert.deepEqual([await ask('--nonce'), await ask('--no-nonce')], ['revoked', 'revoked'])
  })

  it('ok/pki of strongSwan: good, then revoked; by what the certificate points to, OCSP or full and delta CRL', async () => {
    const issued = await issue()
    writeFileSync(at('crl-only.conf'), 'pki {\n plugins {\n revocation {\n enable_ocsp = no\n }\n }\n}\n')
    const verify = async (by: 'OCSP' | 'CRL') => {
      const args = ['--verify', '--online', '--in', issued.chain, '--cacert', issued.root]
      const env = { ...process.env, ...(by === 'CRL' && { STRONGSWAN_CONF: at('crl-only.conf') }) }
      const { code, output } = await runToEnd('pki', [...args, '--cacert', issued.ca], { env })
      const signer = by === 'OCSP' ? 'ocsp response' : 'crl'
      assert.match(output, new RegExp(`${signer} correctly signed by "O=Sallyport, `))
      return `${code === 0 ? 'trusted' : 'refused'}: ${output}`
    }
    for (const by of ['OCSP', 'CRL'] as const) {
      assert.match(await verify(by), /^trusted: [\s\S]*certificate status is good/)
    }
    await change('revoke', issued, '--reason', 'keyCompromise')
    for (const by of ['OCSP', 'CRL'] as const) {
      assert.match(await verify(by), /^refused: [\s\S]*certificate was revoked on .*, reason: key compromise/)
    }
  })

  it('fail/OCSP: what is no request, and what we did not issue', async () => {
    const issued = await issue()
    const status = async (...args: string[]) => {
      await run('curl', '-sS', '-o', at('error.der'), ...args)
      return await run('openssl', 'ocsp', '-respin', at('error.der'), '-noverify')
    }
    assert.match(await status('--data-binary', 'nonsense', `${url}/ocsp`), /malformedrequest/)
    assert.match(await status('--data-binary', 'x'.repeat(100_000), `${url}/ocsp`), /malformedrequest/)
    assert.match(await status(`${url}/ocsp/%ZZ`), /malformedrequest/)
    // Another CA's certificate: the root is its own issuer to openssl, the leaf none of ours.
    const foreign = await run(
      'openssl',
      'ocsp',
      '-issuer',
      issued.chain,
      '-cert',
      issued.chain,
      '-url',
      `${url}/ocsp`,
      '-no_nonce',
    )
    assert.match(foreign, /unauthorized/)
    const never = ['-issuer', issued.ca, '-serial', '0x4a4a4a', '-url', `${url}/ocsp`, '-CAfile', issued.root]
    assert.match(await run('openssl', 'ocsp', ...never), /0x4a4a4a: revoked[\s\S]*certificateHold/)
  })

  it('ok/full and delta CRL: a revocation is in the delta, a release takes it out again; openssl puts them together', async () => {
    const [revoked, held, good] = [await issue(), await issue(), await issue()]
    const keyId = await keyIdOf(revoked.ca)
    await change('revoke', revoked, '--reason', 'superseded')
    await change('hold', held)
    await fetchTo(`/crl/${keyId}.crl`, 'full.crl')
    await fetchTo(`/crl/${keyId}%2B.crl`, 'delta.crl')
    await fetchTo(`/crl/${keyId}+.crl`, 'same.crl')
    assert.deepEqual(readFileSync(at('delta.crl')), readFileSync(at('same.crl')))
    const [full, delta] = [await crlText('full.crl'), await crlText('delta.crl')]
    assert.match(delta, /Delta CRL Indicator: critical/)
    for (const one of [revoked, held])
      assert.ok(delta.includes(upper(one)) && !full.includes(upper(one)), delta)
    assert.match(delta, /Superseded[\s\S]*Certificate Hold|Certificate Hold[\s\S]*Superseded/)
    const verify = async ({ chain }: Issued) => {
      const pems = await Promise.all(
        ['full.crl', 'delta.crl'].map((name) => run('openssl', 'crl', '-inform', 'DER', '-in', at(name))),
      )
      writeFileSync(at('crls.pem'), pems.join(''))
      const flags = ['-crl_check', '-extended_crl', '-use_deltas', '-CRLfile', at('crls.pem')]
      return await run('openssl', 'verify', ...flags, '-CAfile', good.root, '-untrusted', good.ca, chain)
    }
    assert.match(await verify(good), /: OK$/m)
    assert.match(await verify(revoked), /certificate revoked/)
    assert.match(await verify(held), /certificate revoked/)
    await change('release', held)
    await fetchTo(`/crl/${keyId}+.crl`, 'delta.crl')
    assert.match(await crlText('delta.crl'), /Remove From CRL/)
    assert.match(await verify(held), /: OK$/m)
  })

  it('ok/certificates follow the account: disabled holds them, enabled releases them, deleted revokes them', async () => {
    const issued = await issue('erin')
    assert.equal(await ocsp(issued, '-no_nonce'), 'good')
    const isNow = (wanted: string) =>
      until(`erin's certificate is ${wanted}`, async () =>
        (await ocsp(issued, '-no_nonce')) === wanted ? true : undefined,
      )
    await server.api.send('PATCH', '/users/erin', { disabled: true })
    await isNow('revoked')
    await server.api.send('PATCH', '/users/erin', { disabled: false })
    await isNow('good')
    await server.api.send('DELETE', '/users/erin')
    await isNow('revoked')
    const { output } = await server.cli('certificates', 'list', 'erin')
    assert.match(output, /revoked \(cessationOfOperation\)/)
  })
})
