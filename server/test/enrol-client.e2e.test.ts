/** `sallyport enrol` against our server, and against servers that share nothing with it: Python with OpenSSL, micromdm. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { issue, makeCa } from '@sallyport/lab/certificates'
import { skipReason } from '@sallyport/lab/debian'
import { eapolTest } from '@sallyport/lab/eapol-test'
import { freeTcpPort } from '@sallyport/lab/free-port'
import { certificateText, opensslVerify, serialOf } from '@sallyport/lab/openssl'
import { type Running, runToEnd, start, temporaryFolder } from '@sallyport/lab/process'
import { CLI, type Sallyport, startSallyport } from '@sallyport/lab/sallyport'

const PASSWORD = 'correct horse: battery'
const SECRET = 'a-shared-secret-of-some-length'
const DOCUMENT = `
clients: [{ name: here, address: 127.0.0.1, secret: ${SECRET} }]
sources: [{ name: local, kind: local }]
realms: [{ name: default, default: true, suffixes: [example.org], sources: [local] }]
trust: [{ name: own, kind: own }]
profiles: [{ name: standard }]
rules: [{ name: staff, when: '"staff" in user.groups', effect: accept, profiles: [standard] }]
groups: [{ name: staff }]
users: [{ name: alice, password: '${PASSWORD}', groups: [staff] }]
certificateTemplates:
  - { name: user, base: user, perHolder: 50, enrol: { groups: [staff] } }
  - { name: approved, base: user, approval: required, enrol: { groups: [staff] } }
  - { name: printers, base: device }
enrolment: { scep: { enabled: true } }
`

interface Ran {
  readonly code: number | null
  readonly output: string
}

const folder = temporaryFolder('enrol-')
const at = (...name: string[]): string => join(folder.path, ...name)

/** Runs the client as a host would: it has no server, no data folder, and a home of its own. */
async function enrol(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const options = { cwd: folder.path, env: { ...process.env, ...env }, milliseconds: 30_000 }
  return await runToEnd(process.execPath, [CLI, 'enrol', ...args], options)
}

const live = (out: string) => ({ certificate: at(out, 'live', 'cert.pem'), key: at(out, 'live', 'key.pem') })

describe('sallyport enrol', { skip: skipReason('openssl', 'eapoltest', 'scep') }, () => {
  after(() => folder[Symbol.dispose]())

  describe('with our server', () => {
    let server: Sallyport
    let url = ''
    const root = at('root.pem')

    before(async () => {
      mkdirSync(at('data'))
      server = await startSallyport({ data: at('data'), args: ['--bind', '127.0.0.1'] })
      await server.apply(DOCUMENT)
      url = `https://localhost:${server.enrolPort}`
      writeFileSync(root, readFileSync(join(server.data, 'ca.pem')))
    })
    after(async () => {
      await server?.[Symbol.asyncDispose]()
    })

    async function login({ certificate, key }: ReturnType<typeof live>): Promise<boolean> {
      const files = [`client_cert="${certificate}"`, `private_key="${key}"`, `ca_cert="${root}"`]
      const network = ['eap=TLS', 'identity="alice"', ...files]
      const radius = { port: server.authPort, secret: SECRET }
      return (await eapolTest({ network, server: radius, folder: folder.path })).success
    }

    const first = (out: string, ...more: string[]) =>
      enrol(['--url', url, '--template', 'user', '--user', 'alice', '--out', out, ...more], {
        SALLYPORT_ENROL_PASSWORD: PASSWORD,
      })

    it('ok/by the fingerprint of the root: enrols, logs in, renews with a new key, runs the hook each time', async () => {
      const fingerprint = (await certificateText(root, '-fingerprint', '-sha256')).replace(/^.*=/, '').trim()
      const hook = `echo "$SALLYPORT_CERTIFICATE" >> ${at('hooked')}`
      const { code, output } = await first('host', '--fingerprint', fingerprint, '--hook', hook)
      assert.equal(code, 0, output)
      const files = live('host')
      assert.equal(statSync(files.key).mode & 0o777, 0o600)
      assert.equal(statSync(at('host', 'enrolment.json')).mode & 0o777, 0o600)
      assert.ok(
        (
          await opensslVerify({
            certificate: files.certificate,
            root,
            intermediates: [at('host', 'live', 'chain.pem')],
          })
        ).ok,
      )
      assert.ok(await login(files))
      const [key, serial] = [readFileSync(files.key, 'utf8'), await serialOf(files.certificate)]
      const early = await enrol(['renew', '--out', 'host'])
      assert.equal(early.code, 0)
      assert.match(early.output, /Not due before/)
      const renewed = await enrol(['renew', '--out', 'host', '--force'])
      assert.equal(renewed.code, 0, renewed.output)
      assert.notEqual(await serialOf(files.certificate), serial)
      assert.notEqual(readFileSync(files.key, 'utf8'), key)
      assert.ok(await login(files))
      assert.equal(readlinkSync(at('host', 'live')), 'versions/2')
      assert.equal(readFileSync(at('hooked'), 'utf8').trim().split('\n').length, 2)
      const status = await enrol(['status', '--out', 'host', '--json'])
      assert.equal(JSON.parse(status.output).state, 'valid')
      assert.doesNotMatch(readFileSync(at('host', 'enrolment.json'), 'utf8'), /horse/)
    })

    it('fail/a wrong fingerprint, an unknown CA, a wrong password: exit 1, and nothing is left that looks enrolled', async () => {
      const wrong = await first('a', '--fingerprint', '00'.repeat(32))
      assert.equal(wrong.code, 1, wrong.output)
      assert.match(wrong.output, /no CA certificate with this fingerprint/)
      const unknown = await first('b')
      assert.equal(unknown.code, 1, unknown.output)
      assert.match(unknown.output, /--ca or --fingerprint/)
      const env = { SALLYPORT_ENROL_PASSWORD: 'wrong' }
      const args = ['--url', url, '--template', 'user', '--user', 'alice', '--ca', root]
      const refused = await enrol([...args, '--out', 'c'], env)
      assert.equal(refused.code, 1, refused.output)
      assert.match(refused.output, /401/)
      for (const out of ['a', 'b', 'c']) assert.ok(!existsSync(at(out, 'live')), out)
      assert.ok(!existsSync(at('c', 'pending.json')))
    })

    it('fail/a renewal after the certificate was revoked: exit 1, and what is there stays', async () => {
      assert.equal((await first('gone', '--ca', root)).code, 0)
      const { certificate } = live('gone')
      const serial = (await serialOf(certificate)).toLowerCase()
      assert.equal((await server.cli('certificates', 'revoke', serial, '--reason', 'superseded')).code, 0)
      const renewed = await enrol(['renew', '--out', 'gone', '--force'])
      assert.equal(renewed.code, 1, renewed.output)
      assert.match(renewed.output, /403.*certificate-revoked/s)
      assert.equal((await serialOf(certificate)).toLowerCase(), serial)
    })

    it('ok/a template with approval: exit 3, and the same request again', async () => {
      const args = ['--url', url, '--template', 'approved', '--user', 'alice', '--ca', root, '--out', 'later']
      const env = { SALLYPORT_ENROL_PASSWORD: PASSWORD }
      assert.equal((await enrol(args, env)).code, 3)
      assert.match((await enrol(['status', '--out', 'later'])).output, /A request waits for an approval/)
      const pending = readFileSync(at('later', 'pending.json'), 'utf8')
      assert.equal(statSync(at('later', 'pending.json')).mode & 0o777, 0o600)
      assert.equal((await enrol(args, env)).code, 3)
      assert.equal((await enrol(args, { SALLYPORT_ENROL_PASSWORD: 'mistyped' })).code, 1)
      assert.equal(readFileSync(at('later', 'pending.json'), 'utf8'), pending)
      const requests = await server.cli('certificates', 'requests', '--status', 'pending')
      const id = /^(\d+) /m.exec(requests.output)?.[1] ?? assert.fail(requests.output)
      const approved = await server.cli('certificates', 'approve', id, '--out', at('approved.pem'))
      assert.equal(approved.code, 0, approved.output)
      const issued = await enrol(args, env)
      assert.equal(issued.code, 0, issued.output)
      assert.equal(await serialOf(live('later').certificate), await serialOf(at('approved.pem')))
      assert.ok(await login(live('later')))
    })

    it('ok/a device without an account: by a one-time challenge, EST and SCEP alike, and it renews', async () => {
      const challenge = async (device: string) => {
        const made = await server.cli('challenges', 'create', '--template', 'printers', '--device', device)
        return /[A-Z2-9]{5}(-[A-Z2-9]{5}){4}/.exec(made.output)?.[0] ?? assert.fail(made.output)
      }
      const ways = [
        ['est', url, 'd-est'],
        ['scep', `http://127.0.0.1:${server.httpPort}/scep`, 'd-scep'],
      ] as const
      for (const [protocol, where, out] of ways) {
        const secret = await challenge(out)
        const ask = (folder: string) =>
          enrol(
            ['--protocol', protocol, '--url', where, '--ca', root, '--cn', out, '--out', folder].concat(
              protocol === 'est' ? ['--template', 'printers'] : [],
            ),
            { SALLYPORT_ENROL_CHALLENGE: secret },
          )
        const enrolled = await ask(out)
        assert.equal(enrolled.code, 0, `${protocol}: ${enrolled.output}`)
        assert.equal(
          (await ask(`${out}-again`)).code,
          1,
          `${protocol}: a challenge is good for one certificate`,
        )
        const serial = await serialOf(live(out).certificate)
        const renewed = await enrol(['renew', '--out', out, '--force'])
        assert.equal(renewed.code, 0, `${protocol}: ${renewed.output}`)
        assert.notEqual(await serialOf(live(out).certificate), serial)
      }
    })

    it('ok/a timer for systemd, which systemd itself finds right, and a line for cron', async () => {
      assert.equal((await first('timed', '--ca', root)).code, 0)
      const printed = await enrol(['install-timer', '--out', 'timed', '--print'])
      assert.match(printed.output, /RandomizedDelaySec=/)
      assert.match(printed.output, /^\d+ \d+,\d+ \* \* \* root .*enrol renew --out/m)
      const written = await enrol(['install-timer', '--out', 'timed', '--unit-dir', at('units')])
      assert.equal(written.code, 0, written.output)
      const unit = at('units', 'sallyport-enrol-timed')
      assert.match(readFileSync(`${unit}.service`, 'utf8'), /^ExecStart=.*enrol renew --out /m)
      if (!existsSync('/usr/bin/systemd-analyze')) return
      const verified = await runToEnd('systemd-analyze', ['verify', `${unit}.timer`, `${unit}.service`])
      assert.doesNotMatch(verified.output, /sallyport-enrol-timed/, verified.output)
    })

    it('fail/called in a wrong way: exit 2', async () => {
      for (const args of [
        ['--out', 'x'],
        ['--url', 'ftp://x', '--user', 'a'],
        ['--url', url, '--out', 'x'],
        ['--url', url, '--protocol', 'cmp', '--user', 'a'],
        ['bake'],
      ])
        assert.equal((await enrol(args)).code, 2, args.join(' '))
    })
  })

  describe('with a foreign EST server', () => {
    let server: Running
    let url = ''
    const ca = makeCa(at('foreign'), 'Old Root')

    before(async () => {
      const tls = issue(ca, 'tls', {
        ...{ commonName: 'localhost', subjectAltName: 'DNS:localhost', extendedKeyUsage: 'serverAuth' },
      })
      writeFileSync(at('foreign', 'tls.pem'), readFileSync(tls.certificate))
      writeFileSync(at('foreign', 'tls.key'), readFileSync(tls.key))
      writeFileSync(at('foreign', 'shown.pem'), readFileSync(ca.certificate))
      server = start('python3', [join(import.meta.dirname, 'foreign-est.py'), ca.folder])
      const [, port] = await server.waitFor(/port (\d+)/, 10_000)
      url = `https://localhost:${port}`
    })
    after(async () => {
      await server?.stop()
    })

    const first = (out: string, ...more: string[]) => {
      writeFileSync(at('password'), 'pw\n')
      const who = ['--user', 'dev', '--password-file', at('password'), '--ca', ca.certificate]
      return enrol(['--url', url, ...who, '--out', out, '--dns', 'host.example.org', ...more])
    }

    it('ok/enrols, waits for an approval, tries again when the server is busy, and renews', async () => {
      assert.equal((await first('f-plain')).code, 0)
      const { certificate } = live('f-plain')
      assert.match(
        await certificateText(certificate, '-subject', '-ext', 'subjectAltName'),
        /CN = dev.*DNS:host\.example\.org/s,
      )
      const slow = await first('f-slow', '--template', 'slow', '--wait', '10')
      assert.equal(slow.code, 0, slow.output)
      const busy = await first('f-busy', '--template', 'busy')
      assert.equal(busy.code, 0, busy.output)
      assert.match(busy.output, /503.*Trying again/)
      const renewed = await enrol(['renew', '--out', 'f-plain', '--force'])
      assert.equal(renewed.code, 0, renewed.output)
      assert.match(await certificateText(certificate, '-ext', 'subjectAltName'), /DNS:host\.example\.org/)
    })

    it('fail/a new root that came alone is not taken; ok/one that the old root signed is (RFC 7030 4.1.3)', async () => {
      assert.equal((await first('f-roll')).code, 0)
      const next = makeCa(at('next'), 'Old Root')
      const shown = (...files: string[]) =>
        writeFileSync(at('foreign', 'shown.pem'), files.map((file) => readFileSync(file, 'utf8')).join(''))
      const anchors = () => readFileSync(at('f-roll', 'ca.pem'), 'utf8').match(/BEGIN CERTIFICATE/g)?.length
      shown(ca.certificate, next.certificate)
      assert.equal((await enrol(['renew', '--out', 'f-roll', '--force'])).code, 0)
      assert.equal(anchors(), 1)
      // NewWithOld: the key of the new root, signed by the old one.
      const bridge = at('next', 'bridge.pem')
      writeFileSync(at('next', 'ext'), 'basicConstraints=critical,CA:TRUE\n')
      const key = execFileSync('openssl', ['pkey', '-in', next.key, '-pubout'])
      writeFileSync(at('next', 'pub.pem'), key)
      const request = execFileSync('openssl', [
        'req',
        '-new',
        '-key',
        next.key,
        '-subj',
        '/O=Lab/CN=Old Root',
      ])
      writeFileSync(at('next', 'csr.pem'), request)
      execFileSync('openssl', [
        ...['x509', '-req', '-in', at('next', 'csr.pem'), '-CA', ca.certificate, '-CAkey', ca.key],
        ...['-set_serial', '77', '-days', '30', '-extfile', at('next', 'ext'), '-out', bridge],
      ])
      shown(ca.certificate, next.certificate, bridge)
      assert.equal((await enrol(['renew', '--out', 'f-roll', '--force'])).code, 0)
      assert.equal(anchors(), 2)
      shown(ca.certificate)
    })

    it('fail/a certificate of another CA than the trusted one does not take the place of the good one', async () => {
      assert.equal((await first('f-other')).code, 0)
      const before = await serialOf(live('f-other').certificate)
      const other = makeCa(at('other'), 'Another Root')
      const keep = ['ca.pem', 'ca.key'].map((name) => [name, readFileSync(at('foreign', name))] as const)
      writeFileSync(at('foreign', 'ca.pem'), readFileSync(other.certificate))
      writeFileSync(at('foreign', 'ca.key'), readFileSync(other.key))
      try {
        const renewed = await enrol(['renew', '--out', 'f-other', '--force'])
        assert.equal(renewed.code, 1, renewed.output)
        assert.match(renewed.output, /does not lead to the CA/)
        assert.equal(await serialOf(live('f-other').certificate), before)
      } finally {
        for (const [name, octets] of keep) writeFileSync(at('foreign', name), octets)
      }
    })

    it('fail/nobody listens: tried again, then exit 1', async () => {
      const nobody = `https://localhost:${await freeTcpPort()}`
      const args = [
        '--user',
        'dev',
        '--password-file',
        at('password'),
        '--ca',
        ca.certificate,
        '--out',
        'f-nobody',
      ]
      const { code, output } = await enrol(['--url', nobody, ...args, '--retries', '0', '--key', 'p256'])
      assert.equal(code, 1)
      assert.match(output, /Cannot reach/)
    })
  })

  describe('with micromdm scepserver', () => {
    let server: Running
    let url = ''
    const depot = at('depot')

    before(async () => {
      mkdirSync(depot)
      const [pem, key] = [join(depot, 'ca.pem'), join(depot, 'ca.key')]
      execFileSync('openssl', ['genrsa', '-traditional', '-out', key, '2048'], { stdio: 'ignore' })
      execFileSync('openssl', [
        ...[
          'req',
          '-x509',
          '-new',
          '-key',
          key,
          '-days',
          '3650',
          '-subj',
          '/O=Lab/CN=Lab SCEP CA',
          '-out',
          pem,
        ],
        ...['-addext', 'basicConstraints=critical,CA:TRUE'],
        ...['-addext', 'keyUsage=critical,keyCertSign,cRLSign,digitalSignature,keyEncipherment'],
      ])
      // It takes a key in the old encrypted form alone.
      const pass = ['-traditional', '-aes256', '-passout', 'pass:labpass']
      execFileSync('openssl', ['rsa', '-in', key, ...pass, '-out', key], { stdio: 'ignore' })
      writeFileSync(join(depot, 'serial'), '02\n')
      writeFileSync(join(depot, 'index.txt'), '')
      const port = await freeTcpPort()
      const args = ['-depot', depot, '-port', String(port), '-capass', 'labpass', '-challenge', 'Secret1']
      server = start('scepserver', [...args, '-allowrenew', '0'])
      url = `http://127.0.0.1:${port}/scep`
      await server.waitFor(/listen/i, 10_000)
    })
    after(async () => {
      await server?.stop()
    })

    const first = (out: string, challenge: string, ...more: string[]) =>
      enrol([
        '--protocol',
        'scep',
        '--url',
        url,
        '--challenge',
        challenge,
        '--cn',
        'host1',
        '--out',
        out,
        ...more,
      ])

    it('ok/enrols by challenge and fingerprint, and renews by the certificate', async () => {
      const pem = join(depot, 'ca.pem')
      const fingerprint = (await certificateText(pem, '-fingerprint', '-sha256')).replace(/^.*=/, '').trim()
      const enrolled = await first('scep', 'Secret1', '--fingerprint', fingerprint)
      assert.equal(enrolled.code, 0, enrolled.output)
      const { certificate } = live('scep')
      assert.ok((await opensslVerify({ certificate, root: pem })).ok)
      const serial = await serialOf(certificate)
      // micromdm wants the challenge beside the certificate; others are content with that.
      const renewed = await enrol(['renew', '--out', 'scep', '--force', '--challenge', 'Secret1'])
      assert.equal(renewed.code, 0, renewed.output)
      assert.notEqual(await serialOf(certificate), serial)
    })

    it('fail/a wrong challenge, a CA that is not the trusted one, no CA at all, a key SCEP cannot use', async () => {
      const wrong = await first('scep-wrong', 'Secret2', '--ca', join(depot, 'ca.pem'))
      assert.equal(wrong.code, 1, wrong.output)
      const other = await first('scep-other', 'Secret1', '--ca', makeCa(at('scep-ca'), 'Other').certificate)
      assert.equal(other.code, 1, other.output)
      assert.match(other.output, /vouches for/)
      assert.equal((await first('scep-none', 'Secret1')).code, 2)
      assert.equal(
        (await first('scep-key', 'Secret1', '--ca', join(depot, 'ca.pem'), '--key', 'p256')).code,
        2,
      )
    })
  })
})
