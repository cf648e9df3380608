import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type CertificateIssuer,
  createIssuingCertificate,
  createRootCertificate,
  distinguishedName,
  encodePem,
  generateKeyPairFor,
  issueCertificate,
  type KeyAlgorithm,
  type KeyPair,
  RADIUS_SERVER,
  USER_AUTHENTICATION,
} from '@sallyport/pki'
import { DAY } from './authority.ts'
import { privateKeyPem } from './private-key.ts'
import { checkServerCertificate } from './server-certificate-check.ts'

const NOW = Date.parse('2026-01-05T09:00:00Z')

function ca(name: string, above?: CertificateIssuer): CertificateIssuer & KeyPair {
  const { publicKey, privateKey } = generateKeyPairFor('p256')
  const subject = distinguishedName(['CN', name])
  const validity = { notBefore: NOW - 10 * DAY, notAfter: NOW + 3000 * DAY }
  const certificate =
    above === undefined
      ? createRootCertificate({ subject, publicKey, privateKey, ...validity })
      : createIssuingCertificate({ subject, publicKey, issuer: above, ...validity })
  return { certificate, publicKey, privateKey }
}

const ROOT = ca('Root')
const ISSUING = ca('Issuing', ROOT)

function leaf({
  algorithm = 'p256' as KeyAlgorithm,
  name = 'radius.test',
  days = 300,
  begin = -1,
  template = RADIUS_SERVER,
} = {}) {
  const { publicKey, privateKey } = generateKeyPairFor(algorithm)
  const certificate = issueCertificate({
    template,
    subject: distinguishedName(['CN', name]),
    san: [template === RADIUS_SERVER ? { kind: 'dns', name } : { kind: 'email', address: 'a@b.test' }],
    publicKey,
    issuer: ISSUING,
    notBefore: NOW + begin * DAY,
    notAfter: NOW + (begin + days) * DAY,
  })
  return { pem: encodePem('CERTIFICATE', certificate.der), key: privateKeyPem(privateKey) }
}

const ISSUING_PEM = encodePem('CERTIFICATE', ISSUING.certificate.der)
const ROOT_PEM = encodePem('CERTIFICATE', ROOT.certificate.der)

function findings(chain: string, key: string) {
  const entry = { name: 'x', kind: 'pem' as const, chain, key, clients: [], realms: [] }
  return checkServerCertificate(entry, NOW).map(({ severity, field, code }) => `${severity} ${field} ${code}`)
}

describe('a server certificate that was brought along', () => {
  it('ok/with its chain, with or without the root, ECDSA or RSA', () => {
    for (const algorithm of ['p256', 'rsa2048'] as const) {
      const { pem, key } = leaf({ algorithm })
      assert.deepEqual(findings(pem + ISSUING_PEM, key), [])
      assert.deepEqual(findings(pem + ISSUING_PEM + ROOT_PEM, key), [])
    }
  })

  it('fail/a key of another certificate, a chain in the wrong order, a CA', () => {
    const { pem, key } = leaf()
    assert.deepEqual(findings(pem + ISSUING_PEM, leaf().key), ['error key server-key-mismatch'])
    assert.deepEqual(findings(ISSUING_PEM + pem, key), ['error key server-key-mismatch'])
    assert.deepEqual(findings(pem + ROOT_PEM, key), ['error chain server-certificate-chain-broken'])
    assert.deepEqual(findings(pem + ISSUING_PEM + pem, key), ['error chain server-certificate-chain-broken'])
    assert.deepEqual(findings(ROOT_PEM, privateKeyPem(ROOT.privateKey)), [
      'error chain server-certificate-is-ca',
    ])
  })

  it('fail/what cannot be read', () => {
    const { pem, key } = leaf()
    const broken = '-----BEGIN CERTIFICATE-----\nMAAx\n-----END CERTIFICATE-----\n'
    assert.deepEqual(findings('', key), ['error chain server-certificate-unreadable'])
    assert.deepEqual(findings(broken, key), ['error chain server-certificate-unreadable'])
    assert.deepEqual(findings(pem, '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----'), [
      'error key server-key-unreadable',
    ])
  })

  it('fail/one for clients', () => {
    const { pem, key } = leaf({ template: USER_AUTHENTICATION })
    assert.deepEqual(findings(pem + ISSUING_PEM, key), ['error chain server-certificate-purpose'])
  })

  it('ok/with a warning: ended, ends soon, begins later, long, wildcard, without its issuer', () => {
    const only = (options: Parameters<typeof leaf>[0], chain = ISSUING_PEM) => {
      const { pem, key } = leaf(options)
      return findings(pem + chain, key)
    }
    assert.deepEqual(only({ days: 5, begin: -8 }), ['warning chain server-certificate-expired'])
    assert.deepEqual(only({ days: 20 }), ['warning chain server-certificate-ends-soon'])
    assert.deepEqual(only({ begin: 1 }), ['warning chain server-certificate-not-yet-valid'])
    assert.deepEqual(only({ days: 500 }), ['warning chain server-certificate-long'])
    assert.deepEqual(only({ name: '*.radius.test' }), ['warning chain server-certificate-wildcard'])
    assert.deepEqual(only({}, ''), ['warning chain server-certificate-chain-short'])
  })
})
