import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseCertificate } from '../src/certificate/certificate.ts'
import { certificateNames } from '../src/certificate/certificate-names.ts'
import { parseCrl, verifyCrlSignature } from '../src/crl/crl.ts'
import { createCertificationRequest, parseCertificationRequest } from '../src/csr/certification-request.ts'
import { nameConstraints, sidExtension, subjectAltName } from '../src/issue/extension-encoders.ts'
import { PATH_REASONS } from '../src/path/path-reason.ts'
import { validatePath } from '../src/path/validate-path.ts'
import { PkiError } from '../src/pki-error.ts'
import { anchor, ca, cn, crl, endEntity, NOW, revoked } from './pkits/forge.ts'

const root = anchor()
const issuing = ca(root, 'Issuing', {
  extensions: [
    nameConstraints([{ kind: 'dns', name: 'example.org' }], [{ kind: 'email', address: 'x.org' }]),
  ],
})
const leaf = endEntity(issuing, {
  extensions: [
    subjectAltName([
      { kind: 'dns', name: 'host.example.org' },
      { kind: 'upn', name: 'alice@example.org' },
      { kind: 'ip', octets: Uint8Array.of(192, 0, 2, 1) },
    ]),
    sidExtension('S-1-5-21-1-2-3-500'),
  ],
})
const options = { anchors: [root.certificate], at: NOW, purpose: 'any' } as const

function judge(leafDer: Uint8Array, caDer: Uint8Array = issuing.certificate.der): void {
  const verdict = validatePath([leafDer, caDer], options)
  assert.ok(!verdict.ok, 'an altered certificate was accepted')
  assert.ok(PATH_REASONS.includes(verdict.reason))
}

/** Parses, or says `malformed`; anything else fails the test. */
function parses<T>(parse: (octets: Uint8Array) => T, octets: Uint8Array): T | undefined {
  try {
    return parse(octets)
  } catch (error) {
    assert.ok(error instanceof PkiError && error.code === 'malformed', String(error))
    return undefined
  }
}

test('the chain they are made from is good', () => {
  assert.equal(validatePath([leaf.certificate.der, issuing.certificate.der], options).ok, true)
})

test('a certificate cut at any length is refused', () => {
  for (const { der } of [leaf.certificate, issuing.certificate]) {
    for (let length = 0; length < der.length; length++) {
      const cut = der.subarray(0, length)
      assert.equal(parses(parseCertificate, cut), undefined)
    }
  }
})

test('a leaf with a bit flipped in any octet is never accepted', () => {
  const { der } = leaf.certificate
  for (let bit = 0; bit < der.length * 8; bit += 5) judge(flip(der, bit))
})

test('an issuer with any octet changed is never accepted', () => {
  const { der } = issuing.certificate
  for (let at = 0; at < der.length; at++) judge(leaf.certificate.der, flip(der, at * 8 + (at % 8)))
})

test('random octets and spliced certificates give a typed reason', () => {
  const { der } = leaf.certificate
  const position = fc.nat(der.length - 1)
  fc.assert(
    fc.property(position, position, fc.uint8Array({ maxLength: 40 }), (from, to, middle) => {
      const spliced = Uint8Array.from([...der.subarray(0, from), ...middle, ...der.subarray(to)])
      if (Buffer.compare(spliced, der) !== 0) judge(spliced)
      judge(middle)
    }),
    { numRuns: 500, seed: 1 },
  )
})

test('what parses can be named, whatever it holds', () => {
  const { der } = leaf.certificate
  let named = 0
  for (let bit = 0; bit < der.length * 8; bit += 3) {
    const certificate = parses(parseCertificate, flip(der, bit))
    if (certificate === undefined) continue
    certificateNames(certificate)
    named++
  }
  assert.ok(named > 100, `${named}`)
})

test('a CRL with any bit flipped does not verify', () => {
  const list = crl(issuing, { revoked: revoked(leaf) })
  const key = issuing.keys.publicKey
  assert.equal(verifyCrlSignature(list, key), true)
  for (let length = 0; length < list.der.length; length++) {
    assert.equal(parses(parseCrl, list.der.subarray(0, length)), undefined)
  }
  for (let bit = 0; bit < list.der.length * 8; bit++) {
    const altered = parses(parseCrl, flip(list.der, bit))
    assert.equal(altered !== undefined && verifyCrlSignature(altered, key), false, `bit ${bit}`)
  }
})

test('a request with any bit flipped proves no possession', () => {
  const request = createCertificationRequest({
    ...leaf.keys,
    subject: cn('alice'),
    extensions: [subjectAltName([{ kind: 'dns', name: 'host.example.org' }])],
  })
  assert.equal(parseCertificationRequest(request).proofOfPossession, true)
  for (let bit = 0; bit < request.length * 8; bit++) {
    assert.notEqual(
      parses(parseCertificationRequest, flip(request, bit))?.proofOfPossession,
      true,
      `bit ${bit}`,
    )
  }
})

function flip(octets: Uint8Array, bit: number): Uint8Array {
  const altered = Uint8Array.from(octets)
  altered[bit >> 3] = (altered[bit >> 3] as number) ^ (1 << (bit & 7))
  return altered
}
