import assert from 'node:assert/strict'
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { test } from 'node:test'
import type { Signer } from '../algorithms/signer.ts'
import { certificateNames } from '../certificate/certificate-names.ts'
import { createCrl } from '../crl/create-crl.ts'
import { verifyCrlSignature } from '../crl/crl.ts'
import { createCertificationRequest, parseCertificationRequest } from '../csr/certification-request.ts'
import { distinguishedName } from '../names/distinguished-name.ts'
import { EKU } from '../oids.ts'
import { validatePath } from '../path/validate-path.ts'
import { COMPUTER_AUTHENTICATION, RADIUS_SERVER, USER_AUTHENTICATION } from './certificate-template.ts'
import {
  type CertificateRequest,
  createIssuingCertificate,
  createRootCertificate,
  issueCertificate,
} from './issue-certificate.ts'
import { generateKeyPairFor } from './key-pair.ts'
import { newSerialNumber } from './serial-number.ts'

const DAY = 86_400_000
const NOW = Date.UTC(2026, 0, 5, 9)
const validity = { notBefore: NOW - DAY, notAfter: NOW + 100 * DAY }

const rootKeys = generateKeyPairFor('p256')
const root = createRootCertificate({ subject: distinguishedName(['CN', 'Root']), ...rootKeys, ...validity })
const issuingKeys = generateKeyPairFor('p384')
const issuing = createIssuingCertificate({
  subject: distinguishedName(['CN', 'Issuing']),
  publicKey: issuingKeys.publicKey,
  issuer: { certificate: root, privateKey: rootKeys.privateKey },
  ...validity,
})
const issuer = { certificate: issuing, privateKey: issuingKeys.privateKey }

const request: CertificateRequest = {
  template: USER_AUTHENTICATION,
  subject: distinguishedName(['CN', 'alice']),
  san: [{ kind: 'upn', name: 'alice@example.org' }],
  publicKey: generateKeyPairFor('p256').publicKey,
  issuer,
  notBefore: NOW - DAY,
  notAfter: NOW + 30 * DAY,
}

test('the chain validates, and the leaf is what was asked for', () => {
  const leaf = issueCertificate({ ...request, sid: 'S-1-5-21-1-2-3-500' })
  const verdict = validatePath([leaf.der, issuing.der], { anchors: [root], at: NOW, purpose: 'client-auth' })
  assert.equal(verdict.ok, true)
  const { fingerprint, serial, ...names } = certificateNames(leaf)
  assert.deepEqual(names, {
    subject: 'CN=alice',
    issuer: 'CN=Issuing',
    notBefore: new Date(request.notBefore).toISOString(),
    notAfter: new Date(request.notAfter).toISOString(),
    extendedKeyUsages: [EKU.clientAuth],
    dnsNames: [],
    emails: [],
    upns: ['alice@example.org'],
    ips: [],
    uris: [],
    sid: 'S-1-5-21-1-2-3-500',
  })
  assert.match(fingerprint, /^[0-9a-f]{64}$/)
  assert.match(serial, /^[4-7][0-9a-f]{39}$/)
})

test('an issuing CA allows no CA below itself unless told', () => {
  assert.equal(issuing.extensions.basicConstraints?.pathLength, 0)
})

test('an RSA server key may also encrypt, an ECDSA key may not', () => {
  const san = [{ kind: 'dns', name: 'radius.example.org' }] as const
  const server = { ...request, template: RADIUS_SERVER, san }
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  assert.deepEqual([...(issueCertificate(server).extensions.keyUsage ?? [])], ['digitalSignature'])
  const rsa = issueCertificate({ ...server, publicKey }).extensions.keyUsage ?? []
  assert.deepEqual([...rsa], ['digitalSignature', 'keyEncipherment'])
})

test('what must not be issued is refused', () => {
  const rsa1024 = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey
  const koblitz = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey
  const refused: Record<string, Partial<CertificateRequest>> = {
    'no name of the kind the template wants': { template: COMPUTER_AUTHENTICATION },
    'no names at all': { san: [] },
    'a validity that ends before it begins': { notAfter: request.notBefore },
    'the same extension twice': {
      extensions: [{ oid: '2.5.29.19', critical: true, value: Uint8Array.of(0x30, 0) }],
    },
    'outliving the issuer': { notAfter: issuing.notAfter + 1000 },
    'a small RSA key': { publicKey: rsa1024 },
    'a curve nobody uses': { publicKey: koblitz },
    'an issuer that is no CA': { issuer: { ...issuer, certificate: issueCertificate(request) } },
  }
  for (const [what, change] of Object.entries(refused)) {
    assert.throws(
      () => issueCertificate({ ...request, ...change }),
      { name: 'PkiError', code: 'invalid-request' },
      what,
    )
  }
})

test('RFC 5280 section 4.1.2.2: serials are positive, of 20 octets, and not predictable', () => {
  assert.equal(
    Buffer.from(newSerialNumber(() => new Uint8Array(20).fill(0xff))).toString('hex'),
    `7f${'ff'.repeat(19)}`,
  )
  assert.equal(newSerialNumber(() => new Uint8Array(20))[0], 0x40)
  assert.notDeepEqual(newSerialNumber(), newSerialNumber())
})

/** As a token does it: the key itself stays inside. */
function signerOf({ publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject }): Signer {
  return { publicKey, sign: (hash, octets) => sign(hash, octets, privateKey) }
}

for (const algorithm of ['p256', 'p384', 'rsa3072'] as const) {
  test(`ok/a CA whose ${algorithm} key is out of reach signs certificates, CRLs and requests`, () => {
    const keys = generateKeyPairFor(algorithm)
    const signer = signerOf(keys)
    const { publicKey } = keys
    const subject = distinguishedName(['CN', 'Token'])
    const own = createRootCertificate({ subject, publicKey, privateKey: signer, ...validity })
    const tokenIssuer = { certificate: own, privateKey: signer }
    const leaf = issueCertificate({ ...request, issuer: tokenIssuer })
    assert.equal(validatePath([leaf.der], { anchors: [own], at: NOW, purpose: 'client-auth' }).ok, true)
    const crl = createCrl({
      ...{ issuer: tokenIssuer, number: 1, thisUpdate: NOW, nextUpdate: NOW + DAY, revoked: [] },
    })
    assert.equal(verifyCrlSignature(crl, publicKey), true)
    const csr = createCertificationRequest({ subject, publicKey, privateKey: signer })
    assert.equal(parseCertificationRequest(csr).proofOfPossession, true)
  })
}

test('ok/further extensions are carried as they are', () => {
  const extension = { oid: '1.3.6.1.4.1.311.21.7', critical: false, value: Uint8Array.of(0x30, 0) }
  const leaf = issueCertificate({ ...request, extensions: [extension] })
  assert.deepEqual(leaf.rawExtensions.get(extension.oid)?.value, extension.value)
})
