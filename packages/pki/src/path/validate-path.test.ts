import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { anchor, ca, cn, crl, DAY, type Entity, endEntity, NOW, revoked } from '../../test/pkits/forge.ts'
import { element, explicit, sequence } from '../der/der-writer.ts'
import { contextPrimitive } from '../der/tags.ts'
import {
  basicConstraints,
  crlDistributionPoint,
  extendedKeyUsage,
  keyUsage,
  nameConstraints,
  subjectAltName,
} from '../issue/extension-encoders.ts'
import { encodeGeneralName } from '../names/general-name.ts'
import { EKU, EXTENSION } from '../oids.ts'
import type { PathOptions } from './path-options.ts'
import { validatePath } from './validate-path.ts'

const root = anchor()
const issuing = ca(root, 'Issuing')

function verdict(chain: readonly Entity[], options: Partial<PathOptions> = {}) {
  const ders = chain.map(({ certificate }) => certificate.der)
  return validatePath(ders, { anchors: [root.certificate], at: NOW, purpose: 'any', ...options })
}

function reason(chain: readonly Entity[], options: Partial<PathOptions> = {}): string {
  const result = verdict(chain, options)
  return result.ok ? 'valid' : `${result.reason} ${result.certificate}`
}

test('a client certificate needs the client authentication usage', () => {
  const usage = (...oids: string[]) => [
    endEntity(issuing, { extensions: [extendedKeyUsage(...oids)] }),
    issuing,
  ]
  const client = { purpose: 'client-auth' } as const
  assert.equal(reason(usage(EKU.clientAuth), client), 'valid')
  assert.equal(reason(usage(EKU.serverAuth), client), 'wrong-eku 0')
  assert.equal(reason(usage(EKU.any), client), 'wrong-eku 0')
  assert.equal(reason([endEntity(issuing), issuing], client), 'wrong-eku 0')
  assert.equal(reason(usage(EKU.any), { ...client, acceptAnyPurpose: true }), 'valid')
  assert.equal(reason([endEntity(issuing), issuing], { ...client, acceptAnyPurpose: true }), 'valid')
})

test('an empty list of usages fits nothing, not even any purpose', () => {
  const empty = endEntity(issuing, { extensions: [extendedKeyUsage()] })
  for (const purpose of ['any', 'client-auth', 'server-auth'] as const) {
    assert.equal(reason([empty, issuing], { purpose, acceptAnyPurpose: true }), 'wrong-eku 0')
  }
})

test('usages of a CA limit those below it', () => {
  const mail = ca(root, 'Mail CA', { extensions: [extendedKeyUsage(EKU.emailProtection)] })
  const leaf = endEntity(mail, { extensions: [extendedKeyUsage(EKU.clientAuth)] })
  assert.equal(reason([leaf, mail], { purpose: 'client-auth' }), 'wrong-eku 1')
})

test('a key that must not sign proves no possession', () => {
  const usage = [keyUsage('keyEncipherment'), extendedKeyUsage(EKU.clientAuth)]
  assert.equal(
    reason([endEntity(issuing, { extensions: usage }), issuing], { purpose: 'client-auth' }),
    'wrong-key-usage 0',
  )
})

test('order and surplus of what the peer sends do not matter', () => {
  const leaf = endEntity(issuing)
  const lower = ca(ca(anchor(), 'Elsewhere'), 'Surplus')
  assert.equal(reason([leaf, lower, root, issuing]), 'valid')
  assert.equal(reason([leaf], { intermediates: [issuing.certificate] }), 'valid')
  assert.equal(reason([leaf], { anchors: [issuing.certificate] }), 'valid')
})

test('where no anchor is reached, the top of the chain tells why', () => {
  const stranger = anchor({ name: cn('Stranger') })
  const theirs = ca(stranger, 'Their CA')
  const leaf = endEntity(theirs)
  assert.equal(reason([leaf]), 'untrusted-ca 0')
  assert.equal(reason([leaf, theirs]), 'chain-incomplete 1')
  assert.equal(reason([leaf, theirs, stranger]), 'untrusted-ca 2')
  assert.equal(reason([stranger]), 'untrusted-ca 0')
  assert.equal(reason([endEntity(issuing), issuing], { anchors: [] }), 'chain-incomplete 1')
  assert.equal(reason([]), 'malformed 0')
})

test('a CA of the same name and another key is not the trusted one', () => {
  const namesake = anchor()
  assert.equal(reason([endEntity(namesake), namesake]), 'untrusted-ca 1')
  // Without key identifiers only the signature tells.
  const without = [EXTENSION.authorityKeyIdentifier]
  assert.equal(reason([endEntity(namesake, { without })]), 'signature-invalid 0')
})

test('of two CA certificates with one key the valid one is found', () => {
  const expired = ca(root, 'Twice', { notAfter: NOW - DAY })
  const renewed = ca(root, 'Twice', { keys: expired.keys })
  const leaf = endEntity(expired)
  assert.equal(reason([leaf, expired, renewed]), 'valid')
  assert.equal(reason([leaf, renewed, expired]), 'valid')
  assert.equal(reason([leaf, expired]), 'expired 1')
})

test('the anchor has dates and constraints too', () => {
  const expired = anchor({ notAfter: NOW - DAY })
  assert.equal(reason([endEntity(expired)], { anchors: [expired.certificate] }), 'expired 1')
  const narrow = anchor({ extensions: [basicConstraints(true, 0)] })
  const below = ca(narrow, 'Below')
  assert.equal(reason([endEntity(below), below], { anchors: [narrow.certificate] }), 'path-too-long 1')
  const constrained = anchor({ extensions: [nameConstraints([{ kind: 'dns', name: 'example.org' }], [])] })
  const leaf = endEntity(constrained, {
    extensions: [subjectAltName([{ kind: 'dns', name: 'example.net' }])],
  })
  assert.equal(reason([leaf], { anchors: [constrained.certificate] }), 'name-constraint 0')
  const noCa = anchor({ extensions: [basicConstraints(false)] })
  assert.equal(reason([endEntity(noCa)], { anchors: [noCa.certificate] }), 'not-a-ca 1')
})

test('a leaf cannot act as a CA', () => {
  const leaf = endEntity(issuing)
  assert.equal(reason([endEntity(leaf), leaf, issuing]), 'not-a-ca 1')
})

test('depth is bounded', () => {
  const path = [root]
  for (let i = 0; i < 12; i++) path.push(ca(path.at(-1) as Entity, `CA ${i}`)) // the root at least
  const chain = [endEntity(path.at(-1) as Entity), ...path.slice(1).reverse()]
  assert.match(reason(chain), /^path-too-long/)
  assert.equal(reason(chain, { maximumDepth: 14 }), 'valid')
  assert.match(reason(chain, { maximumDepth: 13 }), /^path-too-long/)
})

test('a mesh of CAs that sign each other costs a bounded search', () => {
  // Ten names, each certified by three keys of each of two others: thousands of paths, none of which ends.
  const names = Array.from({ length: 10 }, (_, i) => cn(`Mesh ${i}`))
  const without = [EXTENSION.authorityKeyIdentifier, EXTENSION.subjectKeyIdentifier]
  const seed = anchor({ name: cn('Mesh 0'), without })
  const mesh = Array.from({ length: 30 }, (_, i) =>
    ca(seed, 'x', {
      name: names[i % 10] ?? cn('x'),
      issuerName: names[(i * 7 + 1) % 10] ?? cn('x'),
      without,
    }),
  )
  const leaf = endEntity(seed, { without })
  const before = performance.now()
  assert.match(reason([leaf, ...mesh], { maximumDepth: 30 }), /^too-complex/)
  assert.ok(performance.now() - before < 1000)
})

test('a crowd is turned away before it is looked at', () => {
  const crowd = Array.from({ length: 32 }, () => issuing)
  assert.equal(reason([endEntity(issuing), ...crowd]), 'too-complex 0')
  assert.equal(reason([endEntity(issuing), ...crowd.slice(1)]), 'valid')
})

test('after eight complete paths nobody looks for a ninth', () => {
  const leaf = endEntity(issuing, { without: [EXTENSION.authorityKeyIdentifier] })
  const namesakes = Array.from({ length: 8 }, () => ca(root, 'Issuing'))
  // The last one is tried first.
  assert.equal(reason([leaf, issuing, ...namesakes.slice(1)]), 'valid')
  assert.equal(reason([leaf, issuing, ...namesakes]), 'signature-invalid 0')
})

test('the verdict says how long it holds', () => {
  const leaf = endEntity(issuing, { notAfter: NOW + 50 * DAY })
  const plain = verdict([leaf, issuing])
  assert.ok(plain.ok)
  assert.equal(plain.validUntil, NOW + 50 * DAY)
  assert.equal(plain.validFrom, NOW - 30 * DAY)
  const list = crl(issuing)
  const checked = verdict([leaf, issuing], { crls: [list] })
  assert.ok(checked.ok)
  assert.equal(checked.validUntil, list.nextUpdate)
  const delegate = endEntity(root, {
    name: issuing.certificate.subject,
    extensions: [keyUsage('cRLSign')],
    notAfter: NOW + DAY,
  })
  const vouched = verdict([leaf, issuing, delegate], { crls: [crl(delegate)] })
  assert.ok(vouched.ok)
  assert.equal(vouched.validUntil, NOW + DAY)
})

test('a CRL at hand is obeyed, one that is missing matters only where it is required', () => {
  const leaf = endEntity(issuing)
  const crls = [crl(issuing, { revoked: revoked(leaf) })]
  assert.equal(reason([leaf, issuing], { crls }), 'revoked 0')
  assert.equal(reason([leaf, issuing], { crls, revocation: 'off' }), 'valid')
  assert.equal(reason([leaf, issuing], { revocation: 'available' }), 'valid')
  assert.equal(reason([leaf, issuing], { revocation: 'required' }), 'crl-missing 1')
  assert.equal(
    reason([leaf, issuing], { crls: [crl(issuing, { thisUpdate: NOW + 1000 })] }),
    'crl-not-yet-valid 0',
  )
  const hold = revoked(leaf).map((entry) => ({ ...entry, reason: 'certificateHold' as const }))
  assert.equal(reason([leaf, issuing], { crls: [crl(issuing, { revoked: hold })] }), 'revoked 0')
})

test('the scope of a CRL (RFC 5280 section 5.2.5)', () => {
  const point = (...content: Uint8Array[]) => ({
    extensions: [{ oid: EXTENSION.issuingDistributionPoint, critical: true, value: sequence(...content) }],
  })
  const flag = (number: number) => element(contextPrimitive(number), Uint8Array.of(0xff))
  const named = (uri: string) => explicit(0, explicit(0, encodeGeneralName({ kind: 'uri', uri })))
  const [mine, other] = ['http://crl.example.org/a', 'http://crl.example.org/b']
  const leaf = endEntity(issuing, { extensions: [crlDistributionPoint(mine)] })
  const judge = (...content: Uint8Array[]) =>
    reason([leaf, issuing], {
      crls: [crl(root), crl(issuing, point(...content))],
      revocation: 'required',
    })
  assert.equal(judge(flag(1)), 'valid') // user certificates only
  assert.equal(judge(flag(2)), 'crl-missing 0') // CA certificates only
  const ofRoot = { crls: [crl(root, point(flag(1))), crl(issuing)], revocation: 'required' } as const
  assert.equal(reason([leaf, issuing], ofRoot), 'crl-missing 1') // user certificates only, asked about a CA
  assert.equal(judge(flag(5)), 'crl-missing 0') // attribute certificates only
  assert.equal(judge(named(mine)), 'valid')
  assert.equal(judge(named(other)), 'crl-missing 0')
  assert.equal(judge(element(contextPrimitive(3), Uint8Array.of(6, 0x40))), 'crl-unsupported 0') // some reasons
  assert.equal(judge(flag(4)), 'crl-unsupported 0') // indirect
})

test('nobody signs CRLs who is not told to', () => {
  const mute = ca(root, 'Mute', { extensions: [keyUsage('keyCertSign')] })
  assert.equal(reason([endEntity(mute), mute], { crls: [crl(mute)] }), 'crl-signature-invalid 0')
  const leaf = endEntity(issuing)
  const name = issuing.certificate.subject
  const without = [EXTENSION.basicConstraints]
  const forCrls = { name, without, extensions: [keyUsage('cRLSign')] }
  const signedBy = (signer: Entity) => reason([leaf, issuing, signer], { crls: [crl(signer)] })
  assert.equal(signedBy(endEntity(root, forCrls)), 'valid')
  const impostors = {
    'a leaf that carries the name of the CA': endEntity(issuing, { name }),
    'one whose key usage says nothing': endEntity(root, { name, without: [EXTENSION.keyUsage] }),
    'one that has expired': endEntity(root, { ...forCrls, notAfter: NOW - DAY }),
    'one that is not valid yet': endEntity(root, { ...forCrls, notBefore: NOW + DAY }),
    'one that another CA vouches for': endEntity(anchor({ name: cn('Stranger') }), forCrls),
    'one that names another issuer': endEntity(root, { ...forCrls, issuerName: cn('Somebody') }),
    'one that nobody signed': endEntity(root, { ...forCrls, signWith: leaf.keys.privateKey }),
    'a weak key': endEntity(root, { ...forCrls, keys: generateKeyPairSync('rsa', { modulusLength: 1024 }) }),
  }
  for (const [what, impostor] of Object.entries(impostors)) {
    assert.equal(signedBy(impostor), 'crl-signature-invalid 0', what)
  }
})
