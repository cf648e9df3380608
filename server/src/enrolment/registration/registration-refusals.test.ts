/**
 * What the registration authority must refuse, as a table: each refusal has an accepted twin that differs in the one field
 * the name tells.
 */
import assert from 'node:assert/strict'
import { createPublicKey, generateKeyPairSync, hash, type KeyObject } from 'node:crypto'
import { describe, it } from 'node:test'
import {
  ATTRIBUTE,
  applicationPolicies,
  basicConstraints,
  certificateNames,
  EKU,
  type Extension,
  extendedKeyUsage,
  type GeneralName,
  generateKeyPairFor,
  keyUsage,
  nameValuePair,
  sidExtension,
  subjectAltNameExtension,
  templateInformation,
  templateName,
} from '@sallyport/pki'
import type { EnrolmentRequest } from './registration.ts'
import type { EnrolmentIdentity, Requester } from './requester.ts'
import { profileOf } from './template-profile.ts'
import { CLOSE_PRIMES_MODULUS, ROCA_MODULUS } from './test-moduli.ts'
import { ALICE, LAPTOP, makeRequest, openRegistrationBench, template } from './testing.ts'

const many = { perHolder: 1000 }
const USER = template(many)
const TEMPLATES = [
  USER,
  template({ ...many, name: 'other' }),
  template({ ...many, name: 'computer', base: 'computer' }),
  template({ ...many, name: 'scep-only', protocols: ['scep'] }),
  template({ ...many, name: 'attested', keys: { attestation: 'required' }, protocols: ['acme', 'est'] }),
  template({ ...many, name: 'corp-only', enrol: { groups: ['VPN Users'], sources: ['corp'] } }),
  template({ ...many, name: 'device', base: 'device' }),
  template({
    ...many,
    ...{ name: 'web', base: 'web-server', names: 'proved', enrol: {} },
    allowedNames: ['*.example.org', '192.0.2.0/24'],
  }),
]

const alice: Requester = { by: 'password', name: 'alice', identity: ALICE }
const as = (more: Partial<EnrolmentIdentity>): Requester => ({ ...alice, identity: { ...ALICE, ...more } })

function asked(more: Partial<EnrolmentRequest> = {}): EnrolmentRequest {
  return { protocol: 'est', template: 'user', requester: alice, request: makeRequest().request, ...more }
}

const wish = (...wished: Extension[]) => asked({ request: makeRequest({ extensions: wished }).request })
const san = (...names: GeneralName[]) => wish(subjectAltNameExtension(names))
const pairs = (...list: (readonly [string, string])[]) =>
  asked({
    request: makeRequest({
      attributes: list.map(([name, value]) => ({
        type: ATTRIBUTE.enrolmentNameValuePair,
        values: [nameValuePair(name, value)],
      })),
    }).request,
  })
const withKey = (
  keys: { publicKey: KeyObject; privateKey: KeyObject },
  more: Partial<EnrolmentRequest> = {},
) => asked({ request: makeRequest({ keys }).request, ...more })
const rsa = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength })
const curve = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve })
/** An RSA key nobody has the private part of: the request is signed by another. */
function bareRsa(modulus: bigint, exponent: number) {
  const hex = modulus.toString(16)
  const n = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex').toString('base64url')
  const e = Buffer.from([exponent >> 16, (exponent >> 8) & 255, exponent & 255])
    .subarray(exponent > 65535 ? 0 : exponent > 255 ? 1 : 2)
    .toString('base64url')
  const publicKey = createPublicKey({ key: { kty: 'RSA', n, e }, format: 'jwk' })
  return { publicKey, privateKey: rsa2048.privateKey }
}
const rsa2048 = rsa(2048)
const modulus2048 = BigInt(
  `0x${Buffer.from(rsa2048.publicKey.export({ format: 'jwk' }).n ?? '', 'base64url').toString('hex')}`,
)
const keyHash = ({ publicKey }: { publicKey: KeyObject }) =>
  hash('sha256', publicKey.export({ format: 'der', type: 'spki' }), 'hex')
const [attestedKeys, laptop] = [generateKeyPairFor('p256'), { ...alice, name: 'LAPTOP$', identity: LAPTOP }]
const oidOf = (name: string) => profileOf(template({ name })).oid
const doubled = (type: string) => {
  const value = Uint8Array.of(0x0c, 1, 0x78)
  return asked({
    request: makeRequest({
      attributes: [
        { type: ATTRIBUTE.challengePassword, values: [value] },
        { type, values: [value] },
      ],
    }).request,
  })
}
const proved = (...provedNames: GeneralName[]): Partial<EnrolmentRequest> => ({
  protocol: 'acme',
  template: 'web',
  requester: { by: 'acme-account', name: 'ACME account 17', boundTemplate: 'web', provedNames },
})

const CASES: readonly (readonly [
  name: string,
  code: string,
  bad: () => EnrolmentRequest,
  good: () => EnrolmentRequest,
])[] = [
  [
    'CA:TRUE',
    'enrolment-asks-for-ca',
    () => wish(basicConstraints(true)),
    () => wish(basicConstraints(false)),
  ],
  [
    'key usage of a CA',
    'enrolment-asks-for-ca',
    () => wish(keyUsage('keyCertSign')),
    () => wish(keyUsage('keyAgreement')),
  ],
  [
    'key usage to sign CRLs',
    'enrolment-asks-for-ca',
    () => wish(keyUsage('digitalSignature', 'cRLSign')),
    () => wish(keyUsage('digitalSignature')),
  ],
  [
    'another extended key usage',
    'enrolment-asks-for-usage',
    () => wish(extendedKeyUsage(EKU.serverAuth)),
    () => wish(extendedKeyUsage(EKU.clientAuth)),
  ],
  [
    'one extended key usage more',
    'enrolment-asks-for-usage',
    () => wish(extendedKeyUsage(EKU.clientAuth, EKU.any)),
    () => wish(extendedKeyUsage(EKU.clientAuth)),
  ],
  [
    'an empty list of extended key usages',
    'enrolment-asks-for-usage',
    () => wish(extendedKeyUsage()),
    () => wish(extendedKeyUsage(EKU.clientAuth)),
  ],
  [
    'ESC15: application policies (CVE-2024-49019)',
    'enrolment-asks-for-usage',
    () => wish(applicationPolicies(EKU.enrolmentAgent)),
    () => wish(applicationPolicies(EKU.clientAuth)),
  ],
  [
    'the UPN of another',
    'enrolment-asks-for-name',
    () => san({ kind: 'upn', name: 'administrator@corp.example.org' }),
    () => san({ kind: 'upn', name: 'ALICE@corp.example.org' }),
  ],
  [
    'the e-mail address of another, beside the own one',
    'enrolment-asks-for-name',
    () => san({ kind: 'email', address: 'alice@example.org' }, { kind: 'email', address: 'bob@example.org' }),
    () => san({ kind: 'email', address: 'alice@example.org' }),
  ],
  [
    'the DNS name of a server',
    'enrolment-asks-for-name',
    () => ({
      ...san({ kind: 'dns', name: 'dc1.corp.example.org' }),
      template: 'computer',
      requester: laptop,
    }),
    () => ({
      ...san({ kind: 'dns', name: 'laptop.corp.example.org' }),
      template: 'computer',
      requester: laptop,
    }),
  ],
  [
    'the account of another',
    'enrolment-asks-for-name',
    () => san({ kind: 'uri', uri: 'urn:sallyport:user:corp/b2' }),
    () => san({ kind: 'uri', uri: 'urn:sallyport:user:corp/a1' }),
  ],
  [
    'the security identifier of another, as a URI',
    'enrolment-asks-for-name',
    () => san({ kind: 'uri', uri: 'tag:microsoft.com,2022-09-14:sid:S-1-5-21-1-2-3-500' }),
    () => san({ kind: 'uri', uri: `tag:microsoft.com,2022-09-14:sid:${ALICE.sid}` }),
  ],
  [
    'the security identifier of another',
    'enrolment-asks-for-sid',
    () => wish(sidExtension('S-1-5-21-1-2-3-500')),
    () => wish(sidExtension(ALICE.sid ?? '')),
  ],
  ['ten years', 'enrolment-validity-too-long', () => asked({ days: 3650 }), () => asked({ days: 365 })],
  [
    'another template in the extension of old clients',
    'enrolment-template-conflict',
    () => wish(templateName('other')),
    () => wish(templateName('User')),
  ],
  [
    'another template by its OID',
    'enrolment-template-conflict',
    () => wish(templateInformation({ oid: oidOf('other'), major: 1 })),
    () => wish(templateInformation({ oid: oidOf('user'), major: 1 })),
  ],
  [
    'another template in an attribute',
    'enrolment-template-conflict',
    () => pairs(['CertificateTemplate', 'other']),
    () => pairs(['CertificateTemplate', 'user']),
  ],
  [
    'a template there is not',
    'enrolment-template-unknown',
    () => asked({ template: 'users' }),
    () => asked({ template: 'user' }),
  ],
  [
    'a template the challenge is not for',
    'enrolment-template-conflict',
    () => asked({ requester: { ...alice, boundTemplate: 'other' } }),
    () => asked({ requester: { ...alice, boundTemplate: 'user' } }),
  ],
  [
    'no template, and several that fit',
    'enrolment-template-unclear',
    () => {
      const { template: _, ...rest } = asked({ requester: alice })
      return rest
    },
    () => {
      const { template: _, ...rest } = asked({ requester: { ...laptop, name: 'LAPTOP$' } })
      return rest
    },
  ],
  ['an RSA key of 1024 bits', 'enrolment-key-weak', () => withKey(rsa(1024)), () => withKey(rsa(2048))],
  ['RSA exponent 1', 'enrolment-key-weak', () => withKey(bareRsa(modulus2048, 1)), () => withKey(rsa2048)],
  [
    'an even RSA exponent',
    'enrolment-key-weak',
    () => withKey(bareRsa(modulus2048, 65536)),
    () => withKey(rsa(2048)),
  ],
  ['a ROCA key', 'enrolment-key-weak', () => withKey(bareRsa(ROCA_MODULUS, 65537)), () => withKey(rsa(2048))],
  [
    'an RSA key with close primes',
    'enrolment-key-weak',
    () => withKey(bareRsa(CLOSE_PRIMES_MODULUS, 65537)),
    () => withKey(rsa(2048)),
  ],
  [
    'a curve nobody else takes',
    'enrolment-key-weak',
    () => withKey({ ...curve('secp256k1'), privateKey: generateKeyPairFor('p256').privateKey }),
    () => withKey(curve('prime256v1')),
  ],
  [
    'a curve the template does not have',
    'enrolment-key-not-allowed',
    () => withKey(curve('secp521r1')),
    () => withKey(curve('secp384r1')),
  ],
  [
    'a signature of another key',
    'enrolment-possession-unproved',
    () =>
      withKey({
        publicKey: generateKeyPairFor('p256').publicKey,
        privateKey: generateKeyPairFor('p256').privateKey,
      }),
    () => withKey(generateKeyPairFor('p256')),
  ],
  [
    'a key that was not attested',
    'enrolment-key-not-attested',
    () => withKey(attestedKeys, { template: 'attested' }),
    () =>
      withKey(attestedKeys, {
        template: 'attested',
        requester: { ...alice, attestedKey: keyHash(attestedKeys) },
      }),
  ],
  [
    'an attribute twice',
    'enrolment-request-malformed',
    () => doubled(ATTRIBUTE.challengePassword),
    () => doubled('1.2.840.113549.1.9.2'),
  ],
  [
    'somebody in no group of the template',
    'enrolment-not-permitted',
    () => asked({ requester: as({ groups: ['Guests'] }) }),
    () => asked({ requester: as({ groups: ['vpn users'] }) }),
  ],
  [
    'an account of another source',
    'enrolment-not-permitted',
    () => asked({ template: 'corp-only', requester: as({ source: 'partner' }) }),
    () => asked({ template: 'corp-only', requester: as({ source: 'corp' }) }),
  ],
  [
    'a protocol the template is not for',
    'enrolment-protocol-not-allowed',
    () => asked({ template: 'scep-only', protocol: 'est' }),
    () => asked({ template: 'scep-only', protocol: 'scep' }),
  ],
  [
    'a computer asking for what people get',
    'enrolment-holder-unfit',
    () => asked({ requester: as({ kind: 'computer', groups: ['VPN Users'] }) }),
    () => asked({ requester: as({ kind: 'person', groups: ['VPN Users'] }) }),
  ],
  [
    'a person asking for what devices get',
    'enrolment-holder-unfit',
    () => asked({ template: 'device' }),
    () => asked({ template: 'device', requester: { ...alice, deviceId: 'phone-1' } }),
  ],
  [
    'a device nobody bound to a template',
    'enrolment-not-permitted',
    () => asked({ template: 'device', requester: { by: 'challenge', name: 'x', deviceId: 'phone-2' } }),
    () =>
      asked({
        template: 'device',
        requester: { by: 'challenge', name: 'x', deviceId: 'phone-2', boundTemplate: 'device' },
      }),
  ],
  [
    'a computer without a DNS name',
    'enrolment-names-missing',
    () => asked({ template: 'computer', requester: { ...laptop, identity: { ...LAPTOP, dnsName: '' } } }),
    () => asked({ template: 'computer', requester: { ...laptop, identity: LAPTOP } }),
  ],
  [
    'one bad name of several that were proved',
    'enrolment-name-not-allowed',
    () => asked(proved({ kind: 'dns', name: 'a.example.org' }, { kind: 'dns', name: 'a.example.net' })),
    () => asked(proved({ kind: 'dns', name: 'a.example.org' }, { kind: 'dns', name: 'b.example.org' })),
  ],
  [
    'an address outside the network',
    'enrolment-name-not-allowed',
    () => asked(proved({ kind: 'ip', octets: Uint8Array.of(192, 0, 3, 1) })),
    () => asked(proved({ kind: 'ip', octets: Uint8Array.of(192, 0, 2, 1) })),
  ],
  [
    'a UPN in place of a proved name',
    'enrolment-name-not-allowed',
    () => asked(proved({ kind: 'upn', name: 'administrator@example.org' })),
    () => asked(proved({ kind: 'dns', name: 'administrator.example.org' })),
  ],
]

const bench = await openRegistrationBench(...TEMPLATES)

describe('the registration authority', () => {
  for (const [name, code, bad, good] of CASES) {
    it(`fail/${name}`, async () => {
      const outcome = await bench.registration.request(bad())
      assert.equal(outcome.kind === 'refused' ? outcome.reason.code : outcome.kind, code)
    })
    it(`ok/${name}: its twin`, async () => {
      const outcome = await bench.registration.request(good())
      assert.equal(outcome.kind === 'refused' ? outcome.reason.code : outcome.kind, 'issued')
    })
  }

  it('fail/the key of a CA', async () => {
    const { publicKey } = bench.authority.issuing
    assert.ok(publicKey)
    const outcome = await bench.registration.request(
      withKey({ publicKey, privateKey: generateKeyPairFor('p256').privateKey }),
    )
    assert.equal(outcome.kind === 'refused' && outcome.reason.code, 'enrolment-key-taken')
  })

  it('fail/the key of another holder, and the own one once more', async () => {
    const keys = generateKeyPairFor('p256')
    assert.equal((await bench.registration.request(withKey(keys))).kind, 'issued')
    for (const requester of [as({ id: 'corp/b2', name: 'bob' }), alice]) {
      const outcome = await bench.registration.request(withKey(keys, { requester, transaction: 'anew' }))
      assert.equal(outcome.kind === 'refused' && outcome.reason.code, 'enrolment-key-taken')
    }
  })

  it('fail/a transaction of the same name with another key; another requester has transactions of its own', async () => {
    const request = asked({ transaction: 'tx' })
    assert.equal((await bench.registration.request(request)).kind, 'issued')
    const other = await bench.registration.request(asked({ transaction: 'tx' }))
    assert.equal(other.kind === 'refused' && other.reason.code, 'enrolment-transaction-reused')
    const bob = as({ id: 'corp/b2', name: 'bob' })
    const theirs = await bench.registration.request(asked({ transaction: 'tx', requester: bob }))
    assert.equal(theirs.kind, 'issued')
  })

  it('ok/ESC6: names and dates in attributes count for nothing', async () => {
    const outcome = await bench.registration.request(
      pairs(
        ['SAN', 'upn=administrator@corp.example.org'],
        ['ValidityPeriod', 'Years'],
        ['ValidityPeriodUnits', '10'],
      ),
    )
    assert.ok(outcome.kind === 'issued')
    const { upns, notAfter } = certificateNames(outcome.certificate)
    assert.deepEqual(upns, ['alice@corp.example.org'])
    assert.ok(Date.parse(notAfter) <= bench.clock.now() + 365 * 86_400_000)
  })

  it('ok/the subject of a request counts for nothing', async () => {
    const { request } = makeRequest({
      subject: [
        ['O', 'Domain Admins'],
        ['CN', 'administrator'],
      ],
    })
    const outcome = await bench.registration.request(asked({ request }))
    assert.ok(outcome.kind === 'issued')
    assert.equal(certificateNames(outcome.certificate).subject, 'CN=alice')
  })

  it('fail/a request cut short, changed or blown up: a reason each time, and soon', async () => {
    const { request } = makeRequest({
      extensions: [subjectAltNameExtension([{ kind: 'upn', name: 'alice@corp.example.org' }])],
    })
    const codes = new Set<string>()
    const start = performance.now()
    const attempt = async (octets: Uint8Array) => {
      const outcome = await bench.registration.request(asked({ request: octets }))
      codes.add(outcome.kind === 'refused' ? outcome.reason.code : outcome.kind)
    }
    for (let length = 0; length < request.length; length += 3) await attempt(request.subarray(0, length))
    for (let at = 0; at < request.length; at += 2) {
      const changed = Uint8Array.from(request)
      changed[at] = (changed[at] ?? 0) ^ 0x81
      await attempt(changed)
    }
    await attempt(new Uint8Array(1_000_000).fill(0x30))
    await attempt(new Uint8Array(0))
    codes.delete('enrolment-request-malformed')
    codes.delete('enrolment-possession-unproved')
    codes.delete('enrolment-key-weak')
    codes.delete('enrolment-asks-for-name')
    assert.deepEqual([...codes], [])
    assert.ok(performance.now() - start < 5_000)
  })

  it('fail/a template of a CA: there is no word for it', () => {
    assert.throws(() => template({ ca: true }))
    assert.throws(() => template({ keyUsage: ['keyCertSign'] }))
  })
})
