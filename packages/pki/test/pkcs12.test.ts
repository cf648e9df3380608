import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import {
  type CertificateIssuer,
  createIssuingCertificate,
  createPkcs12,
  createRootCertificate,
  distinguishedName,
  encodePem,
  generateKeyPairFor,
  issueCertificate,
  type KeyAlgorithm,
  PkiError,
  readPkcs12,
  USER_AUTHENTICATION,
} from '../src/index.ts'
import { deriveKey, PURPOSE, passwordOctets } from '../src/pkcs12/pkcs12-kdf.ts'

const NOW = Date.UTC(2026, 0, 5, 9)
const validity = { notBefore: NOW, notAfter: NOW + 86_400_000 }
const folder = mkdtempSync(join(tmpdir(), 'pkcs12-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const file = (name: string): string => join(folder, name)

const rootKeys = generateKeyPairFor('p256')
const root = createRootCertificate({ subject: distinguishedName(['CN', 'Root']), ...rootKeys, ...validity })
const issuing: CertificateIssuer = (() => {
  const keys = generateKeyPairFor('p256')
  const subject = distinguishedName(['CN', 'Issuing'])
  const issuer = { certificate: root, privateKey: rootKeys.privateKey }
  const { publicKey, privateKey } = keys
  return { certificate: createIssuingCertificate({ subject, publicKey, issuer, ...validity }), privateKey }
})()
const chain = [issuing.certificate, root]

function contentsOf(algorithm: KeyAlgorithm) {
  const { publicKey, privateKey } = generateKeyPairFor(algorithm)
  const certificate = issueCertificate({
    ...{ template: USER_AUTHENTICATION, publicKey, issuer: issuing, ...validity },
    subject: distinguishedName(['CN', 'alice']),
    san: [{ kind: 'upn', name: 'alice' }],
  })
  return { privateKey, certificate, chain, friendlyName: 'Алиса @ example' }
}
const alice = contentsOf('p256')

function openssl(...words: readonly string[]): { readonly ok: boolean; readonly text: string } {
  const { status, stdout, stderr } = spawnSync('openssl', words, { encoding: 'utf8', timeout: 20_000 })
  return { ok: status === 0, text: stdout + stderr }
}

const refused = (code: string) => (error: unknown) => error instanceof PkiError && error.code === code

describe('RFC 7292 appendix B: key derivation', () => {
  // Computed with `openssl kdf -kdfopt digest:... -kdfopt pass:... PKCS12KDF`, which shares no code with ours.
  it('ok/agrees with OpenSSL for key, IV and MAC, also where blocks carry over', () => {
    const password = passwordOctets('smeg')
    const salt = Buffer.from('0A58CF64530D823F', 'hex')
    for (const hash of ['sha1', 'sha256', 'sha512'] as const) {
      for (const [purpose, length] of [
        [PURPOSE.key, 24],
        [PURPOSE.iv, 8],
        [PURPOSE.mac, 70],
      ] as const) {
        const ours = Buffer.from(deriveKey(hash, password, salt, purpose, 1000, length)).toString('hex')
        const options = [
          ...['-keylen', String(length), '-kdfopt', `digest:${hash}`, '-kdfopt', 'iter:1000'],
          ...['-kdfopt', `id:${purpose}`, '-kdfopt', `hexpass:${Buffer.from(password).toString('hex')}`],
          ...['-kdfopt', `hexsalt:${salt.toString('hex')}`, 'PKCS12KDF'],
        ]
        const theirs = openssl('kdf', ...options)
          .text.replaceAll(/[:\s]/g, '')
          .toLowerCase()
        assert.equal(ours, theirs, `${hash} ${purpose}`)
      }
    }
  })
})

describe('writer', () => {
  for (const form of ['modern', 'legacy'] as const) {
    for (const algorithm of ['p256', 'rsa2048'] as const) {
      it(`ok/openssl opens the ${form} form with a ${algorithm} key`, () => {
        const contents = contentsOf(algorithm)
        writeFileSync(file('ours.p12'), createPkcs12(contents, 'пароль 1', form))
        const { ok, text } = openssl(
          'pkcs12',
          '-in',
          file('ours.p12'),
          '-passin',
          'pass:пароль 1',
          '-nodes',
          '-info',
        )
        assert.ok(ok, text)
        assert.equal(text.match(/BEGIN CERTIFICATE/g)?.length, 3)
        assert.match(text, /BEGIN PRIVATE KEY/)
        assert.match(
          text,
          form === 'modern'
            ? /PBES2, PBKDF2, AES-256-CBC.*hmacWithSHA256/
            : /pbeWithSHA1And3-KeyTripleDES-CBC/,
        )
        assert.match(text, form === 'modern' ? /MAC: sha256, Iteration 50000/ : /MAC: sha1, Iteration 2048/)
        const opened = readPkcs12(readFileSync(file('ours.p12')), 'пароль 1')
        assert.equal(opened.certificate.fingerprint, contents.certificate.fingerprint)
        assert.deepEqual(
          opened.chain.map(({ fingerprint }) => fingerprint),
          chain.map(({ fingerprint }) => fingerprint),
        )
        assert.ok(opened.privateKey.equals(contents.privateKey))
      })
    }
  }

  it('fail/an empty password', () => {
    assert.throws(() => createPkcs12(alice, ''), refused('invalid-request'))
  })
})

describe('reader', () => {
  const key = file('key.pem')
  const certificates = file('all.pem')
  writeFileSync(key, String(alice.privateKey.export({ format: 'pem', type: 'pkcs8' })))
  writeFileSync(
    certificates,
    [alice.certificate, ...chain].map(({ der }) => encodePem('CERTIFICATE', der)).join(''),
  )

  const exported = (...options: readonly string[]): Uint8Array => {
    const words = ['pkcs12', '-export', '-inkey', key, '-in', certificates, '-out', file('theirs.p12')]
    const { ok, text } = openssl(...words, '-passout', 'pass:secret', ...options)
    assert.ok(ok, text)
    return readFileSync(file('theirs.p12'))
  }
  const OPENSSL_FORMS: Readonly<Record<string, readonly string[]>> = {
    'the default of OpenSSL 3': [],
    '3DES and SHA-1': ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1'],
    'AES-128 and SHA-512': ['-keypbe', 'AES-128-CBC', '-certpbe', 'AES-128-CBC', '-macalg', 'sha512'],
    'a key without encryption': ['-keypbe', 'NONE', '-certpbe', 'NONE'],
    'many iterations': ['-iter', '200000'],
  }
  for (const [what, options] of Object.entries(OPENSSL_FORMS)) {
    it(`ok/what openssl exports: ${what}`, () => {
      const opened = readPkcs12(exported(...options), 'secret')
      assert.equal(opened.certificate.fingerprint, alice.certificate.fingerprint)
      assert.equal(opened.chain.length, 2)
      assert.ok(opened.privateKey.equals(alice.privateKey))
    })
  }

  it('fail/a wrong password, with and without a case in it', () => {
    const octets = exported()
    for (const password of ['Secret', '', 'secret ']) {
      assert.throws(() => readPkcs12(octets, password), refused('wrong-password'))
    }
  })

  it('fail/a file without MAC: nothing vouches for its contents', () => {
    assert.throws(() => readPkcs12(exported('-nomac'), 'secret'), refused('malformed'))
  })

  it('fail/RC2 is named, and what to do', () => {
    const octets = exported('-legacy')
    assert.throws(() => readPkcs12(octets, 'secret'), /RC2.*export it again/)
  })

  it('fail/iterations that would keep a thread busy', () => {
    const octets = Buffer.from(createPkcs12(alice, 'secret'))
    // INTEGER 50000 is 02 03 00 C3 50; 0x7FFFFF fits the same room.
    const at = octets.lastIndexOf(Buffer.from('020300c350', 'hex'))
    octets.set(Buffer.from('02037fffff', 'hex'), at)
    const begun = performance.now()
    assert.throws(() => readPkcs12(octets, 'secret'), refused('malformed'))
    assert.ok(performance.now() - begun < 500)
  })

  it('fail/cut at every length, and changed in every octet: an error of ours, never a key', () => {
    const octets = createPkcs12(alice, 'secret', 'legacy')
    for (let length = 0; length < octets.length; length += 7) {
      assert.throws(() => readPkcs12(octets.subarray(0, length), 'secret'), PkiError)
    }
    for (let at = 0; at < octets.length; at += 7) {
      const changed = Uint8Array.from(octets)
      changed[at] = (changed[at] ?? 0) ^ 0x01
      assert.throws(() => readPkcs12(changed, 'secret'), PkiError, `octet ${at}`)
    }
  })
})
