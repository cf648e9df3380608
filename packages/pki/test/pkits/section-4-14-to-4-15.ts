import { createCrl } from '../../src/crl/create-crl.ts'
import { element, explicit, sequence } from '../../src/der/der-writer.ts'
import { contextPrimitive } from '../../src/der/tags.ts'
import { crlDistributionPoint } from '../../src/issue/extension-encoders.ts'
import { encodeGeneralName } from '../../src/names/general-name.ts'
import { EXTENSION } from '../../src/oids.ts'
import { anchor, ca, crl, DAY, type Entity, endEntity, NOW, revoked } from './forge.ts'
import { type Chain, type PkitsCase, path } from './pkits-case.ts'

const [HERE, ELSEWHERE] = ['http://crl.example.org/here', 'http://crl.example.org/elsewhere']

function issuingPoint(...content: readonly Uint8Array[]) {
  return [{ oid: EXTENSION.issuingDistributionPoint, critical: true, value: sequence(...content) }]
}

const named = (uri: string) => explicit(0, explicit(0, encodeGeneralName({ kind: 'uri', uri })))
const flag = (number: number) => element(contextPrimitive(number), Uint8Array.of(0xff))
/** keyCompromise and cACompromise, of the flags of section 5.2.5. */
const SOME_REASONS = element(contextPrimitive(3), Uint8Array.of(5, 0x60))

/** Anchor, one CA, one leaf that names where its list is; the list of the CA has this issuingDistributionPoint. */
function partitioned(content: readonly Uint8Array[], isRevoked = false): Chain {
  const root = anchor()
  const issuing = ca(root, 'distributionPoint CA')
  const leaf = endEntity(issuing, { extensions: [crlDistributionPoint(HERE)] })
  const list = crl(issuing, {
    revoked: isRevoked ? revoked(leaf) : [],
    ...(content.length === 0 ? {} : { extensions: issuingPoint(...content) }),
  })
  return path([root, issuing, leaf], { crls: [crl(root), list] })
}

/** The CA above the leaf is judged by a list of the anchor with this issuingDistributionPoint. */
function aboutCa(...content: readonly Uint8Array[]): Chain {
  const root = anchor()
  const issuing = ca(root, 'onlyContains CA')
  const lists = [crl(root, { extensions: issuingPoint(...content) }), crl(issuing)]
  return path([root, issuing, endEntity(issuing)], { crls: lists })
}

type Listed = 'absent' | 'revoked' | 'hold' | 'released'

interface Delta {
  readonly base: Listed
  readonly delta: Listed
  /** Number of the full list, and of the one the delta was made for. */
  readonly number?: number
  readonly madeFor?: number
  readonly ended?: boolean
}

/** A leaf on a full list (number 5) and on a delta to it (number 6). */
function withDelta({ base, delta, number = 5, madeFor = 5, ended = false }: Delta): Chain {
  const root = anchor()
  const issuing = ca(root, 'deltaCRL CA')
  const leaf = endEntity(issuing)
  // OpenSSL looks for a delta where the full list says that there is one.
  const full = crl(issuing, { number, revoked: entries(base, leaf), deltaUris: [ELSEWHERE] })
  const change = deltaOf(issuing, madeFor, entries(delta, leaf), ended)
  return path([root, issuing, leaf], { crls: [crl(root), full, change] })
}

function entries(listed: Listed, leaf: Entity) {
  if (listed === 'absent') return []
  const reasons = { revoked: 'keyCompromise', hold: 'certificateHold', released: 'removeFromCRL' } as const
  return revoked(leaf).map((entry) => ({ ...entry, reason: reasons[listed] }))
}

function deltaOf(issuing: Entity, baseNumber: number, list: ReturnType<typeof entries>, ended = false) {
  return createCrl({
    issuer: { certificate: issuing.certificate, privateKey: issuing.keys.privateKey },
    ...{ number: Math.max(6, baseNumber + 1), baseNumber, revoked: list },
    thisUpdate: NOW - DAY,
    nextUpdate: ended ? NOW - DAY / 2 : NOW + DAY,
  })
}

function test(
  number: string,
  title: string,
  expect: PkitsCase['expect'],
  build: () => Chain,
  opensslDiffers?: string,
): PkitsCase {
  return { number, title, expect, build, ...(opensslDiffers !== undefined && { opensslDiffers }) }
}

const DISTRIBUTION_POINTS = [
  test('4.14.1', 'Valid distributionPoint', 'valid', () => partitioned([named(HERE)])),
  test('4.14.2', 'Invalid distributionPoint: revoked', 'revoked', () => partitioned([named(HERE)], true)),
  test('4.14.3', 'Invalid distributionPoint: the list of another one', 'crl-missing', () =>
    partitioned([named(ELSEWHERE)]),
  ),
  test('4.14.10', 'Valid No issuingDistributionPoint', 'valid', () => partitioned([])),
  test('4.14.11', 'Invalid onlyContainsUserCerts', 'crl-missing', () => aboutCa(flag(1))),
  test('4.14.12', 'Invalid onlyContainsCACerts', 'crl-missing', () => partitioned([flag(2)])),
  test('4.14.13', 'Valid onlyContainsCACerts', 'valid', () => aboutCa(flag(2))),
  test('4.14.14', 'Invalid onlyContainsAttributeCerts', 'crl-missing', () => partitioned([flag(5)])),
  test('4.14.15', 'Invalid onlySomeReasons: a list for some reasons alone', 'crl-unsupported', () =>
    partitioned([SOME_REASONS]),
  ),
  test(
    '4.14.22',
    'IDP with indirectCRL, about its own certificates',
    'crl-unsupported',
    () => partitioned([flag(4)]),
    'indirect CRLs are not supported here',
  ),
]

const DELTAS = [
  test('4.15.1', 'Invalid deltaCRLIndicator No Base', 'crl-unsupported', () => {
    const root = anchor()
    const issuing = ca(root, 'deltaCRLIndicator No Base CA')
    const leaf = endEntity(issuing)
    return path([root, issuing, leaf], { crls: [crl(root), deltaOf(issuing, 5, [])] })
  }),
  test('4.15.2', 'Valid delta-CRL: on neither list', 'valid', () =>
    withDelta({ base: 'absent', delta: 'absent' }),
  ),
  test('4.15.3', 'Invalid delta-CRL: revoked in the full list', 'revoked', () =>
    withDelta({ base: 'revoked', delta: 'absent' }),
  ),
  test('4.15.4', 'Invalid delta-CRL: revoked in the delta', 'revoked', () =>
    withDelta({ base: 'absent', delta: 'revoked' }),
  ),
  test('4.15.5', 'Valid delta-CRL: held, and released by the delta', 'valid', () =>
    withDelta({ base: 'hold', delta: 'released' }),
  ),
  test('4.15.6', 'Invalid delta-CRL: held, and revoked by the delta', 'revoked', () =>
    withDelta({ base: 'hold', delta: 'revoked' }),
  ),
  test('4.15.7', 'Valid delta-CRL: a full list newer than its base', 'valid', () =>
    withDelta({ base: 'absent', delta: 'absent', madeFor: 4 }),
  ),
  test('4.15.8', 'Valid delta-CRL: a delta for a list that is newer than ours changes nothing', 'valid', () =>
    withDelta({ base: 'absent', delta: 'revoked', number: 3, madeFor: 5 }),
  ),
  test('4.15.10', 'Valid delta-CRL: one that has ended changes nothing', 'valid', () =>
    withDelta({ base: 'absent', delta: 'absent', ended: true }),
  ),
]

export const SECTION_4_14_TO_4_15: readonly PkitsCase[] = [...DISTRIBUTION_POINTS, ...DELTAS]
