import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { parseCertificate } from '../src/certificate/certificate.ts'
import { certificateNames } from '../src/certificate/certificate-names.ts'
import { createCrl } from '../src/crl/create-crl.ts'
import { parseCrl } from '../src/crl/crl.ts'
import { parseCertificationRequest } from '../src/csr/certification-request.ts'
import { HTTPS_SERVER, USER_AUTHENTICATION } from '../src/issue/certificate-template.ts'
import {
  createIssuingCertificate,
  createRootCertificate,
  issueCertificate,
} from '../src/issue/issue-certificate.ts'
import { generateKeyPairFor, type KeyAlgorithm } from '../src/issue/key-pair.ts'
import { distinguishedName } from '../src/names/distinguished-name.ts'
import { ipOctets } from '../src/names/general-name.ts'
import { validatePath } from '../src/path/validate-path.ts'
import { derOrPem, encodePem } from '../src/pem.ts'
import { opensslMissing } from './pkits/openssl.ts'

const DAY = 86_400_000

describe('certificates made by OpenSSL', { skip: opensslMissing() }, () => {
  let folder = ''
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'openssl-'))
    writeFileSync(join(folder, 'ext'), 'basicConstraints=critical,CA:false\nextendedKeyUsage=clientAuth\n')
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')

  /** A self-signed CA with one key, and a leaf with another one signed with a digest. */
  function reasonFor(caKey: string[], leafKey: string[], signing: string[], allowSha1 = false): string {
    const subject = ['-subj', '/CN=Root', '-days', '30']
    openssl('req', '-x509', '-nodes', ...caKey, '-keyout', 'ca.key', '-out', 'ca.pem', ...subject)
    openssl(
      'req',
      '-new',
      '-nodes',
      ...leafKey,
      '-keyout',
      'leaf.key',
      '-out',
      'leaf.csr',
      '-subj',
      '/CN=leaf',
    )
    openssl(
      ...['x509', '-req', '-in', 'leaf.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-out', 'leaf.pem'],
      ...['-days', '10', '-extfile', 'ext', ...signing],
    )
    const verdict = validatePath([derOrPem('CERTIFICATE', read('leaf.pem'))], {
      anchors: [parseCertificate(derOrPem('CERTIFICATE', read('ca.pem')))],
      at: Date.now(),
      purpose: 'client-auth',
      allowSha1,
    })
    return verdict.ok ? 'valid' : `${verdict.reason} ${verdict.certificate}`
  }

  const rsa = (bits: number) => ['-newkey', `rsa:${bits}`]
  const ec = (curve: string) => ['-newkey', 'ec', '-pkeyopt', `ec_paramgen_curve:${curve}`]
  const pss = ['-sha256', '-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:32']

  const good: Record<string, [string[], string[], string[]]> = {
    'RSA with SHA-256': [rsa(2048), rsa(2048), ['-sha256']],
    'RSA with SHA-512': [rsa(2048), ec('P-256'), ['-sha512']],
    'RSASSA-PSS': [rsa(2048), ec('P-256'), pss],
    'ECDSA P-256': [ec('P-256'), ec('P-256'), ['-sha256']],
    'ECDSA P-384': [ec('P-384'), ec('P-256'), ['-sha384']],
    'ECDSA P-521': [ec('P-521'), ec('P-256'), ['-sha512']],
    Ed25519: [['-newkey', 'ed25519'], ['-newkey', 'ed25519'], []],
  }
  for (const [name, [caKey, leafKey, signing]] of Object.entries(good)) {
    it(`ok/${name}`, () => assert.equal(reasonFor(caKey, leafKey, signing), 'valid'))
  }

  it('fail/weak keys and signatures, each with its reason', () => {
    assert.equal(reasonFor(rsa(2048), rsa(1024), ['-sha256']), 'weak-key 0')
    assert.equal(reasonFor(rsa(1024), rsa(2048), ['-sha256']), 'weak-key 1')
    assert.equal(reasonFor(ec('secp256k1'), ec('P-256'), ['-sha256']), 'weak-key 1')
    assert.equal(reasonFor(ec('P-256'), ec('brainpoolP256r1'), ['-sha256']), 'weak-key 0')
    assert.equal(reasonFor(rsa(2048), ec('P-256'), ['-md5']), 'weak-signature 0')
    assert.equal(reasonFor(rsa(2048), ec('P-256'), ['-sha1']), 'weak-signature 0')
    assert.equal(reasonFor(rsa(2048), ec('P-256'), ['-sha1'], true), 'valid')
    assert.equal(reasonFor(ec('P-256'), ec('P-256'), ['-sha224']), 'weak-signature 0')
  })

  it('a request signed over MD5 proves nothing', () => {
    const subject = ['-keyout', 'm.key', '-out', 'm.csr', '-subj', '/CN=alice']
    openssl('req', '-new', '-nodes', '-md5', ...rsa(2048), ...subject)
    assert.equal(
      parseCertificationRequest(derOrPem('CERTIFICATE REQUEST', read('m.csr'))).proofOfPossession,
      false,
    )
  })

  it('requests are read, and prove possession', () => {
    openssl(
      ...[
        'req',
        '-new',
        '-nodes',
        ...ec('P-256'),
        '-keyout',
        'r.key',
        '-out',
        'r.csr',
        '-subj',
        '/O=Example/CN=alice',
      ],
      ...[
        '-addext',
        'subjectAltName=DNS:host.example.org,otherName:1.3.6.1.4.1.311.20.2.3;UTF8:alice@example.org',
      ],
    )
    const request = parseCertificationRequest(derOrPem('CERTIFICATE REQUEST', read('r.csr')))
    assert.equal(request.proofOfPossession, true)
    assert.deepEqual(request.extensions.subjectAltName, [
      { kind: 'dns', name: 'host.example.org' },
      { kind: 'upn', name: 'alice@example.org' },
    ])
  })
})

describe('OpenSSL reads what is issued here', { skip: opensslMissing() }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'issued-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const now = Math.floor(Date.now() / 1000) * 1000
  const validity = { notBefore: now - DAY, notAfter: now + 100 * DAY }

  for (const algorithm of ['p256', 'p384', 'rsa2048', 'rsa3072'] as const satisfies readonly KeyAlgorithm[]) {
    it(`strictly, with ${algorithm} CAs`, () => {
      const [rootKeys, issuingKeys] = [generateKeyPairFor(algorithm), generateKeyPairFor(algorithm)]
      const root = createRootCertificate({
        subject: distinguishedName(['O', 'A, B'], ['CN', 'Root']),
        ...rootKeys,
        ...validity,
      })
      const issuing = createIssuingCertificate({
        subject: distinguishedName(['CN', 'Issuing']),
        publicKey: issuingKeys.publicKey,
        issuer: { certificate: root, privateKey: rootKeys.privateKey },
        ...validity,
      })
      const issuer = { certificate: issuing, privateKey: issuingKeys.privateKey }
      const common = { publicKey: generateKeyPairFor('p256').publicKey, issuer, ...validity }
      const user = issueCertificate({
        ...common,
        template: USER_AUTHENTICATION,
        subject: distinguishedName(['CN', 'alice']),
        san: [
          { kind: 'upn', name: 'alice@example.org' },
          { kind: 'email', address: 'alice@example.org' },
        ],
        sid: 'S-1-5-21-1-2-3-500',
        crlUris: ['http://pki.example.org/ca.crl'],
        authorityInfoAccess: {
          caIssuers: ['http://pki.example.org/ca.cer'],
          ocsp: ['http://pki.example.org/ocsp'],
        },
      })
      const server = issueCertificate({
        ...common,
        template: HTTPS_SERVER,
        subject: distinguishedName(['CN', 'host.example.org']),
        san: [
          { kind: 'dns', name: 'host.example.org' },
          { kind: 'ip', octets: ipOctets('192.0.2.1') },
        ],
      })
      const update = { thisUpdate: now - 1000, nextUpdate: now + DAY, number: 2 ** 40 }
      const rootIssuer = { certificate: root, privateKey: rootKeys.privateKey }
      const crls = [
        createCrl({ ...update, issuer: rootIssuer, revoked: [] }),
        createCrl({
          ...update,
          issuer,
          revoked: [{ serial: server.serial, revokedAt: now - 1000, reason: 'superseded' }],
        }),
      ]
      const verify = (der: Uint8Array, purpose: string) =>
        execFileSync(
          'openssl',
          [
            ...['verify', '-x509_strict', '-crl_check_all', '-purpose', purpose],
            ...['-CRLfile', file('crls', crls.map((list) => encodePem('X509 CRL', list.der)).join(''))],
            ...['-CAfile', file('root', encodePem('CERTIFICATE', root.der))],
            ...['-untrusted', file('issuing', encodePem('CERTIFICATE', issuing.der))],
            file('leaf', encodePem('CERTIFICATE', der)),
          ],
          { encoding: 'utf8', stdio: 'pipe' },
        )
      assert.match(verify(user.der, 'sslclient'), /OK/)
      assert.throws(() => verify(user.der, 'sslserver'), /purpose/)
      assert.throws(() => verify(server.der, 'sslserver'), /certificate revoked/)

      const text = execFileSync(
        'openssl',
        ['x509', '-noout', '-text', '-in', file('user', encodePem('CERTIFICATE', user.der))],
        {
          encoding: 'utf8',
        },
      )
      assert.match(text, /UPN::alice@example.org/)
      assert.match(text, /TLS Web Client Authentication/)
      assert.match(text, /URI:http:\/\/pki.example.org\/ca.crl/)
      const { fingerprint } = certificateNames(user)
      const theirs = execFileSync(
        'openssl',
        ['x509', '-noout', '-fingerprint', '-sha256', '-in', join(folder, 'user')],
        {
          encoding: 'utf8',
        },
      )
      assert.equal(theirs.trim().split('=')[1]?.replaceAll(':', '').toLowerCase(), fingerprint)
      assert.equal(parseCrl(crls[1]?.der ?? new Uint8Array()).revoked.size, 1)
    })
  }
})
