import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anchor, endEntity } from '../../test/pkits/forge.ts'
import { subjectAltName } from '../issue/extension-encoders.ts'
import { type GeneralName, ipOctets } from '../names/general-name.ts'
import { nameConstraintViolation } from './name-constraints.ts'

const root = anchor()

function violates(name: GeneralName, side: 'permitted' | 'excluded', base: GeneralName): boolean {
  const { certificate } = endEntity(root, { extensions: [subjectAltName([name])] })
  const constraints = { permitted: [], excluded: [], [side]: [base] }
  return nameConstraintViolation(certificate, [constraints]) !== undefined
}

const dns = (name: string): GeneralName => ({ kind: 'dns', name })
const uri = (text: string): GeneralName => ({ kind: 'uri', uri: text })
const email = (address: string): GeneralName => ({ kind: 'email', address })
const network = (...parts: readonly string[]): GeneralName => ({
  kind: 'ip',
  octets: Buffer.concat(parts.map((part) => ipOctets(part))),
})

test('a name that is not understood is never permitted and always excluded', () => {
  const cases: readonly (readonly [GeneralName, GeneralName])[] = [
    [
      { kind: 'upn', name: 'alice@example.org' },
      { kind: 'upn', name: 'alice@example.org' },
    ],
    [
      { kind: 'registered-id', oid: '1.2.3' },
      { kind: 'registered-id', oid: '1.2.3' },
    ],
    [uri('urn:example:host'), uri('host')],
    [uri('https://192.0.2.1/'), uri('192.0.2.1')],
    [uri('https://[2001:db8::1]/'), uri('example.org')],
    [email('nobody'), email('example.org')],
    [network('192.0.2.1'), network('192.0.2.1')],
  ]
  for (const [name, base] of cases) {
    assert.equal(violates(name, 'permitted', base), true, JSON.stringify(name))
    assert.equal(violates(name, 'excluded', base), true, JSON.stringify(name))
  }
})

test('constraints of one form say nothing about names of another', () => {
  assert.equal(violates(dns('host.example.net'), 'permitted', email('example.org')), false)
  assert.equal(violates(dns('host.example.net'), 'excluded', email('')), false)
})

test('IPv4 and IPv6 are different networks', () => {
  const everything4 = network('0.0.0.0', '0.0.0.0')
  assert.equal(violates(network('192.0.2.1'), 'permitted', everything4), false)
  assert.equal(violates(network('::1'), 'permitted', everything4), true)
  assert.equal(violates(network('::1'), 'excluded', everything4), false)
})

test('the empty DNS name is every DNS name; a leading dot wants a label', () => {
  assert.equal(violates(dns('host.example.org'), 'excluded', dns('')), true)
  assert.equal(violates(dns('example.org'), 'permitted', dns('.example.org')), true)
  assert.equal(violates(dns('a.example.org'), 'permitted', dns('.example.org')), false)
  assert.equal(violates(dns('*.example.org'), 'permitted', dns('example.org')), false)
})

test('the local part of a mailbox keeps its case, the host does not', () => {
  assert.equal(violates(email('Alice@EXAMPLE.org'), 'permitted', email('Alice@example.ORG')), false)
  assert.equal(violates(email('alice@example.org'), 'permitted', email('Alice@example.org')), true)
})

test('thousands of names under thousands of subtrees are refused, not compared', () => {
  const names = Array.from({ length: 500 }, (_, i) => dns(`h${i}.example.org`))
  const { certificate } = endEntity(root, { extensions: [subjectAltName(names)] })
  const permitted = [...Array.from({ length: 500 }, (_, i) => dns(`${i}.example.net`)), dns('example.org')]
  assert.match(
    nameConstraintViolation(certificate, [{ permitted, excluded: [] }]) ?? '',
    /501 names under 501 subtrees/,
  )
})
