import { generateKeyPairSync } from 'node:crypto'
import { onlyElement } from '../../src/der/der-reader.ts'
import { element, oid, sequence, setOf } from '../../src/der/der-writer.ts'
import { TAG } from '../../src/der/tags.ts'
import { generateKeyPairFor, type KeyPair } from '../../src/issue/key-pair.ts'
import { type DistinguishedName, distinguishedName, readName } from '../../src/names/distinguished-name.ts'
import { anchor, ca, cn, DAY, endEntity, NOW } from './forge.ts'
import { type PkitsCase, path } from './pkits-case.ts'

/** A name whose common name has another string type or spelling. */
function nameWith(tag: number, text: string): DistinguishedName {
  const value = element(tag, Buffer.from(text, 'latin1'))
  const name = sequence(
    setOf(sequence(oid('2.5.4.6'), element(TAG.printableString, Buffer.from('US')))),
    setOf(sequence(oid('2.5.4.10'), element(TAG.utf8String, Buffer.from('Test Certificates')))),
    setOf(sequence(oid('2.5.4.3'), value)),
  )
  return readName(onlyElement(name, TAG.sequence, 'Name'))
}

/** Made once: the parameters cost seconds. */
let dsa: KeyPair | undefined
function dsaKeys(): KeyPair {
  dsa ??= generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 })
  return dsa
}

/** A path whose leaf names its issuer in another way than the issuer itself does. */
function chainedBy(issuerName: DistinguishedName, caName = cn('Good CA')) {
  const root = anchor()
  const good = ca(root, 'Good CA', { name: caName })
  return path([root, good, endEntity(good, { issuerName })])
}

export const SECTION_4_1_TO_4_3: readonly PkitsCase[] = [
  {
    number: '4.1.1',
    title: 'Valid Signatures',
    expect: 'valid',
    build: () => {
      const root = anchor()
      const good = ca(root, 'Good CA')
      return path([root, good, endEntity(good)])
    },
  },
  {
    number: '4.1.2',
    title: 'Invalid CA Signature',
    expect: 'signature-invalid',
    build: () => {
      const root = anchor()
      const bad = ca(root, 'Bad Signed CA', { signWith: generateKeyPairFor('p256').privateKey })
      return path([root, bad, endEntity(bad)])
    },
  },
  {
    number: '4.1.3',
    title: 'Invalid EE Signature',
    expect: 'signature-invalid',
    build: () => {
      const root = anchor()
      const good = ca(root, 'Good CA')
      return path([root, good, endEntity(good, { signWith: root.keys.privateKey })])
    },
  },
  {
    number: '4.1.4',
    title: 'Valid DSA Signatures',
    expect: 'weak-key',
    opensslDiffers: 'DSA keys are refused here: no TLS peer has them any more (FIPS 186-5 withdrew DSA)',
    build: () => {
      const root = anchor()
      const good = ca(root, 'Good CA')
      return path([root, good, endEntity(good, { keys: dsaKeys() })])
    },
  },
  {
    number: '4.2.1',
    title: 'Invalid CA notBefore Date',
    expect: 'not-yet-valid',
    build: () => {
      const root = anchor()
      const late = ca(root, 'Bad notBefore Date CA', { notBefore: NOW + DAY })
      return path([root, late, endEntity(late)])
    },
  },
  {
    number: '4.2.2',
    title: 'Invalid EE notBefore Date',
    expect: 'not-yet-valid',
    build: () => {
      const root = anchor()
      return path([root, endEntity(root, { notBefore: NOW + 1000 })])
    },
  },
  {
    number: '4.2.3',
    title: 'Valid pre2000 UTC notBefore Date',
    expect: 'valid',
    build: () => {
      const root = anchor()
      return path([root, endEntity(root, { notBefore: Date.UTC(1950, 0, 1, 12, 1) })])
    },
  },
  {
    number: '4.2.5',
    title: 'Invalid CA notAfter Date',
    expect: 'expired',
    build: () => {
      const root = anchor()
      const old = ca(root, 'Bad notAfter Date CA', { notAfter: NOW - DAY })
      return path([root, old, endEntity(old)])
    },
  },
  {
    number: '4.2.6',
    title: 'Invalid EE notAfter Date',
    expect: 'expired',
    build: () => {
      const root = anchor()
      return path([root, endEntity(root, { notAfter: NOW - 1000 })])
    },
  },
  {
    number: '4.2.7',
    title: 'Invalid pre2000 UTC EE notAfter Date',
    expect: 'expired',
    build: () => {
      const root = anchor()
      return path([
        root,
        endEntity(root, { notBefore: Date.UTC(1998, 0, 1), notAfter: Date.UTC(1999, 0, 1, 12, 1) }),
      ])
    },
  },
  {
    number: '4.2.8',
    title: 'Valid GeneralizedTime notAfter Date',
    expect: 'valid',
    build: () => {
      const root = anchor()
      return path([root, endEntity(root, { notAfter: Date.UTC(2050, 0, 1, 12, 1) })])
    },
  },
  {
    number: '4.3.1',
    title: 'Invalid Name Chaining EE',
    expect: 'untrusted-ca',
    build: () => chainedBy(cn('Good CA Root')),
  },
  {
    number: '4.3.2',
    title: 'Invalid Name Chaining Order',
    expect: 'untrusted-ca',
    build: () =>
      chainedBy(
        distinguishedName(
          ['C', 'US'],
          ['O', 'Test Certificates'],
          ['OU', 'Organizational Unit 2'],
          ['CN', 'x'],
        ),
        distinguishedName(
          ['C', 'US'],
          ['OU', 'Organizational Unit 2'],
          ['O', 'Test Certificates'],
          ['CN', 'x'],
        ),
      ),
  },
  {
    number: '4.3.3',
    title: 'Valid Name Chaining Whitespace',
    expect: 'valid',
    build: () => chainedBy(cn('Good   CA')),
  },
  {
    number: '4.3.4',
    title: 'Valid Name Chaining Whitespace (leading and trailing)',
    expect: 'valid',
    build: () => chainedBy(cn('  Good CA  ')),
  },
  {
    number: '4.3.5',
    title: 'Valid Name Chaining Capitalization',
    expect: 'valid',
    build: () => chainedBy(cn('GOOD CA')),
  },
  {
    number: '4.3.9',
    title: 'Valid UTF8String Encoded Names',
    expect: 'valid',
    build: () => chainedBy(nameWith(TAG.utf8String, 'Good CA'), nameWith(TAG.utf8String, 'Good CA')),
  },
  {
    number: '4.3.10',
    title: 'Valid Rollover from PrintableString to UTF8String',
    expect: 'valid',
    build: () => chainedBy(nameWith(TAG.utf8String, 'Good CA'), nameWith(TAG.printableString, 'Good CA')),
  },
  {
    number: '4.3.11',
    title: 'Valid UTF8String Case Insensitive Match',
    expect: 'valid',
    build: () => chainedBy(nameWith(TAG.utf8String, ' GOOD  ca'), nameWith(TAG.utf8String, 'Good CA')),
  },
]
