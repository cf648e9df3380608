import { fromHex } from '@sallyport/bytes'
import type { CrlRequest } from '../../src/crl/create-crl.ts'
import { nullValue } from '../../src/der/der-writer.ts'
import { basicConstraints, keyUsage } from '../../src/issue/extension-encoders.ts'
import { generateKeyPairFor } from '../../src/issue/key-pair.ts'
import { anchor, ca, crl, DAY, type Entity, endEntity, NOW, revoked, selfIssued } from './forge.ts'
import { type Chain, type PkitsCase, path } from './pkits-case.ts'

const UNKNOWN = '2.16.840.1.101.2.1.12.2'

/** Anchor, one CA, one leaf; the CRL of the anchor is good, that of the CA is as given. */
function underCa(crlOfCa: Partial<CrlRequest>, serial?: Uint8Array): Chain {
  const root = anchor()
  const good = ca(root, 'Good CA')
  const leaf = endEntity(good, serial === undefined ? {} : { serial })
  return path([root, good, leaf], { crls: [crl(root), crl(good, crlOfCa)] })
}

/** A CA whose CRLs are signed by a second key; `about` says what the anchor's CRL lists. */
function separateKeys(
  about: (parts: { crlSigner: Entity; leaf: Entity }) => {
    readonly byAnchor?: readonly Entity[]
    readonly byCa?: readonly Entity[]
  },
): Chain {
  const root = anchor()
  const certSigner = ca(root, 'Separate Keys CA', { extensions: [keyUsage('keyCertSign')] })
  const crlSigner = ca(root, 'Separate Keys CA', {
    extensions: [keyUsage('cRLSign')],
    without: [basicConstraints(true).oid],
  })
  const leaf = endEntity(certSigner)
  const { byAnchor = [], byCa = [] } = about({ crlSigner, leaf })
  const crls = [crl(root, { revoked: revoked(...byAnchor) }), crl(crlSigner, { revoked: revoked(...byCa) })]
  const { anchor: trusted, chain } = path([root, certSigner, leaf])
  return { anchor: trusted, chain: [...chain, crlSigner.certificate], crls }
}

export const SECTION_4_4_TO_4_5: readonly PkitsCase[] = [
  {
    number: '4.4.1',
    title: 'Missing CRL',
    expect: 'crl-missing',
    build: () => {
      const root = anchor()
      const lacking = ca(root, 'No CRL CA')
      return path([root, lacking, endEntity(lacking)], { crls: [crl(root)] })
    },
  },
  {
    number: '4.4.2',
    title: 'Invalid Revoked CA',
    expect: 'revoked',
    build: () => {
      const root = anchor()
      const bad = ca(root, 'Revoked subCA')
      return path([root, bad, endEntity(bad)], { crls: [crl(root, { revoked: revoked(bad) }), crl(bad)] })
    },
  },
  {
    number: '4.4.3',
    title: 'Invalid Revoked EE',
    expect: 'revoked',
    build: () => {
      const root = anchor()
      const good = ca(root, 'Good CA')
      const leaf = endEntity(good)
      return path([root, good, leaf], { crls: [crl(root), crl(good, { revoked: revoked(leaf) })] })
    },
  },
  {
    number: '4.4.4',
    title: 'Invalid Bad CRL Signature',
    expect: 'crl-signature-invalid',
    build: () => {
      const root = anchor()
      const good = ca(root, 'Bad CRL Signature CA')
      const forged = crl({ ...good, keys: generateKeyPairFor('p256') })
      return path([root, good, endEntity(good)], { crls: [crl(root), forged] })
    },
  },
  {
    number: '4.4.5',
    title: 'Invalid Bad CRL Issuer Name',
    expect: 'crl-missing',
    build: () => {
      const root = anchor()
      const good = ca(root, 'Good CA')
      const renamed = ca(root, 'Incorrect CRL Issuer Name', { keys: good.keys })
      return path([root, good, endEntity(good)], { crls: [crl(root), crl(renamed)] })
    },
  },
  {
    number: '4.4.6',
    title: 'Invalid Wrong CRL',
    expect: 'crl-missing',
    build: () => {
      const root = anchor()
      const good = ca(root, 'Wrong CRL CA')
      return path([root, good, endEntity(good)], { crls: [crl(root)] })
    },
  },
  {
    number: '4.4.7',
    title: 'Valid Two CRLs',
    expect: 'valid',
    build: () => {
      const root = anchor()
      const good = ca(root, 'Two CRLs CA')
      const namesake = ca(root, 'Two CRLs CA')
      return path([root, good, endEntity(good)], { crls: [crl(root), crl(namesake), crl(good)] })
    },
  },
  {
    number: '4.4.9',
    title: 'Invalid Unknown CRL Extension',
    expect: 'crl-unsupported',
    build: () => underCa({ extensions: [{ oid: UNKNOWN, critical: true, value: nullValue() }] }),
  },
  {
    number: '4.4.11',
    title: 'Invalid Old CRL nextUpdate',
    expect: 'crl-expired',
    build: () => underCa({ thisUpdate: NOW - 9 * DAY, nextUpdate: NOW - 2 * DAY }),
  },
  {
    number: '4.4.12',
    title: 'Invalid pre2000 CRL nextUpdate',
    expect: 'crl-expired',
    build: () => underCa({ thisUpdate: Date.UTC(1998, 0, 1), nextUpdate: Date.UTC(1999, 0, 1, 12, 1) }),
  },
  {
    number: '4.4.13',
    title: 'Valid GeneralizedTime CRL nextUpdate',
    expect: 'valid',
    build: () => underCa({ nextUpdate: Date.UTC(2050, 0, 1, 12, 1) }),
  },
  {
    number: '4.4.16',
    title: 'Valid Long Serial Number',
    expect: 'valid',
    build: () => {
      const close = { serial: fromHex('7f0102030405060708090a0b0c0d0e0f10111213'), revokedAt: NOW - DAY }
      return underCa(
        { revoked: [{ ...close, reason: 'keyCompromise' }] },
        fromHex('7f0102030405060708090a0b0c0d0e0f10111212'),
      )
    },
  },
  {
    number: '4.4.18',
    title: 'Invalid Long Serial Number',
    expect: 'revoked',
    build: () => {
      const serial = fromHex('7f0102030405060708090a0b0c0d0e0f10111212')
      return underCa({ revoked: [{ serial, revokedAt: NOW - DAY, reason: 'unspecified' }] }, serial)
    },
  },
  {
    number: '4.4.19',
    title: 'Valid Separate Certificate and CRL Keys',
    expect: 'valid',
    build: () => separateKeys(() => ({})),
  },
  {
    number: '4.4.20',
    title: 'Invalid Separate Certificate and CRL Keys (leaf revoked)',
    expect: 'revoked',
    build: () => separateKeys(({ leaf }) => ({ byCa: [leaf] })),
  },
  {
    number: '4.4.21',
    title: 'Invalid Separate Certificate and CRL Keys (CRL key revoked)',
    expect: 'crl-signature-invalid',
    build: () => separateKeys(({ crlSigner }) => ({ byAnchor: [crlSigner] })),
  },
  {
    number: '4.5.1',
    title: 'Valid Basic Self-Issued Old With New',
    expect: 'valid',
    build: () => {
      const root = anchor()
      const young = ca(root, 'Rolling CA')
      const old = selfIssued(young)
      return path([root, young, old, endEntity(old)])
    },
  },
  {
    number: '4.5.2',
    title: 'Invalid Basic Self-Issued Old With New',
    expect: 'revoked',
    build: () => {
      const root = anchor()
      const young = ca(root, 'Rolling CA')
      const old = selfIssued(young)
      const leaf = endEntity(old)
      return path([root, young, old, leaf], { crls: [crl(root), crl(young, { revoked: revoked(leaf) })] })
    },
  },
  {
    number: '4.5.8',
    title: 'Invalid Basic Self-Issued CRL Signing Key',
    expect: 'not-a-ca',
    build: () => {
      const root = anchor()
      const good = ca(root, 'Basic Self-Issued CRL Signing Key CA')
      const crlKey = selfIssued(good, {
        extensions: [keyUsage('cRLSign')],
        without: [basicConstraints(true).oid],
      })
      return path([root, good, crlKey, endEntity(crlKey)])
    },
  },
]
