import type { PolicyInputs } from '../../src/path/policy-graph.ts'
import type { PkitsCase } from './pkits-case.ts'
import { ANY, P1, P2, P3, P4, type PolicyLine, policyChain } from './policy-chain.ts'

const EXPLICIT = { requireExplicit: true }

function test(
  number: string,
  title: string,
  expect: 'valid' | 'policy',
  lines: readonly PolicyLine[],
  policy?: PolicyInputs,
): PkitsCase {
  return { number, title, expect, build: () => policyChain(lines, policy) }
}

const only = (policy: string): PolicyLine => ({ policies: [policy] })
const wants = (...acceptable: readonly string[]): PolicyInputs => ({ acceptable, requireExplicit: true })

const SAME = [only(P1), only(P1)]
const NONE = [{}, {}]
const DIFFERENT = [only(P1), only(P2), only(P1)]
const SEVERAL = [{ policies: [P1, P2] }, only(P1), { policies: [P1, P2] }]
const ANY_CA = [only(ANY), only(P1)]
const ANY_EE = [only(P1), only(ANY)]
const MAPPED = [{ policies: [P1], maps: [[P1, P2]] }, only(P2)] as const

/** Certificate policies. */
const SECTION_4_8 = [
  test('4.8.1 (1)', 'All Certificates Same Policy', 'valid', SAME, EXPLICIT),
  test('4.8.1 (2)', 'All Certificates Same Policy, that one wanted', 'valid', SAME, wants(P1)),
  test('4.8.1 (3)', 'All Certificates Same Policy, another one wanted', 'policy', SAME, wants(P2)),
  test('4.8.1 (4)', 'All Certificates Same Policy, one of two wanted', 'valid', SAME, wants(P1, P2)),
  test('4.8.2 (1)', 'All Certificates No Policies', 'valid', NONE),
  test('4.8.2 (2)', 'All Certificates No Policies, explicit', 'policy', NONE, EXPLICIT),
  test('4.8.3 (1)', 'Different Policies', 'valid', DIFFERENT),
  test('4.8.3 (2)', 'Different Policies, explicit', 'policy', DIFFERENT, EXPLICIT),
  test('4.8.6 (1)', 'Overlapping Policies', 'valid', SEVERAL, EXPLICIT),
  test('4.8.6 (2)', 'Overlapping Policies, the common one', 'valid', SEVERAL, wants(P1)),
  test('4.8.6 (3)', 'Overlapping Policies, the other one', 'policy', SEVERAL, wants(P2)),
  test('4.8.10 (1)', 'All Certificates Any Policy', 'valid', [only(ANY), only(ANY)], EXPLICIT),
  test('4.8.10 (2)', 'All Certificates Any Policy, one wanted', 'valid', [only(ANY), only(ANY)], wants(P1)),
  test('4.8.11 (1)', 'AnyPolicy in the CA', 'valid', ANY_CA, EXPLICIT),
  test('4.8.11 (2)', 'AnyPolicy in the CA, another one wanted', 'policy', ANY_CA, wants(P2)),
  test('4.8.12', 'Different Policies in the leaf', 'policy', [only(P3), only(P4)], EXPLICIT),
  test('4.8.14 (1)', 'AnyPolicy in the leaf', 'valid', ANY_EE, wants(P1)),
  test('4.8.14 (2)', 'AnyPolicy in the leaf, another one wanted', 'policy', ANY_EE, wants(P2)),
]

/** Require explicit policy: two CAs and a leaf without policies, the number in the upper CA. */
const requiring = (skip: number): PolicyLine[] => [{ requireExplicit: skip }, {}, {}]

const SECTION_4_9 = [
  test('4.9.1', 'Valid RequireExplicitPolicy (10)', 'valid', requiring(10)),
  test('4.9.2', 'Valid RequireExplicitPolicy (5)', 'valid', requiring(5)),
  test('4.9.3', 'Invalid RequireExplicitPolicy (2)', 'policy', requiring(2)),
  test('4.9.4', 'Valid RequireExplicitPolicy (0)', 'valid', [{ requireExplicit: 0, ...only(P1) }, only(P1)]),
  test('4.9.5', 'Invalid RequireExplicitPolicy (7, then 2, then 0)', 'policy', [
    { requireExplicit: 7 },
    { requireExplicit: 2 },
    { requireExplicit: 0 },
    {},
  ]),
  test('4.9.5 (1)', 'Invalid RequireExplicitPolicy (1)', 'policy', requiring(1)),
  test('4.9.6', 'Valid Self-Issued requireExplicitPolicy', 'valid', [
    { requireExplicit: 2 },
    { selfIssued: true },
    {},
  ]),
  test('4.9.7', 'Invalid Self-Issued requireExplicitPolicy', 'policy', [
    { requireExplicit: 2 },
    { selfIssued: true },
    {},
    {},
  ]),
]

const SECTION_4_10 = [
  test('4.10.1 (1)', 'Valid Policy Mapping', 'valid', MAPPED, wants(P1)),
  test('4.10.1 (2)', 'Invalid Policy Mapping: the name below counts not', 'policy', MAPPED, wants(P2)),
  test('4.10.1 (3)', 'Invalid Policy Mapping: mapping inhibited', 'policy', MAPPED, {
    ...EXPLICIT,
    inhibitMapping: true,
  }),
  test(
    '4.10.2',
    'Invalid Policy Mapping: the leaf keeps the old name',
    'policy',
    [MAPPED[0], only(P1)],
    EXPLICIT,
  ),
  test(
    '4.10.3',
    'Valid Policy Mapping over two CAs',
    'valid',
    [{ policies: [P1], maps: [[P1, P2]] }, { policies: [P2], maps: [[P2, P3]] }, only(P3)],
    wants(P1),
  ),
  test(
    '4.10.5',
    'Valid Policy Mapping: one to many',
    'valid',
    [
      {
        policies: [P1],
        maps: [
          [P1, P2],
          [P1, P3],
        ],
      },
      only(P3),
    ],
    wants(P1),
  ),
  test('4.10.7', 'Invalid Mapping From anyPolicy', 'policy', [
    { policies: [P1], maps: [[ANY, P1]] },
    only(P1),
  ]),
  test('4.10.8', 'Invalid Mapping To anyPolicy', 'policy', [{ policies: [P1], maps: [[P1, ANY]] }, only(P1)]),
  test(
    '4.10.9',
    'Valid Policy Mapping under anyPolicy',
    'valid',
    [{ policies: [ANY], maps: [[P1, P2]] }, only(P2)],
    wants(P1),
  ),
  test(
    '4.10.10',
    'Invalid Policy Mapping: mapped away',
    'policy',
    [{ policies: [P1, P3], maps: [[P1, P2]] }, only(P1)],
    EXPLICIT,
  ),
  test(
    '4.10.13',
    'Valid Policy Mapping with anyPolicy in the leaf',
    'valid',
    [{ policies: [P1], maps: [[P1, P2]] }, only(ANY)],
    wants(P1),
  ),
]

/** Mapping in the second CA, inhibited by the first one after so many certificates. */
const inhibiting = (skip: number, ...between: readonly PolicyLine[]): PolicyLine[] => [
  { policies: [P1], requireExplicit: 0, inhibitMapping: skip },
  ...between,
  { policies: [P1], maps: [[P1, P2]] },
  only(P2),
]

const SECTION_4_11 = [
  test('4.11.1', 'Invalid inhibitPolicyMapping (0)', 'policy', inhibiting(0)),
  test('4.11.2', 'Valid inhibitPolicyMapping (1)', 'valid', inhibiting(1)),
  test('4.11.3', 'Invalid inhibitPolicyMapping (1, one CA further)', 'policy', inhibiting(1, only(P1))),
  test('4.11.4', 'Valid inhibitPolicyMapping (2, one CA further)', 'valid', inhibiting(2, only(P1))),
  test(
    '4.11.7',
    'Valid Self-Issued inhibitPolicyMapping',
    'valid',
    inhibiting(1, { ...only(P1), selfIssued: true }),
  ),
]

const anyBelow = (skip: number, ...between: readonly PolicyLine[]): PolicyLine[] => [
  { policies: [P1], requireExplicit: 0, inhibitAny: skip },
  ...between,
  only(ANY),
]

const SECTION_4_12 = [
  test('4.12.1', 'Invalid inhibitAnyPolicy (0)', 'policy', anyBelow(0)),
  test('4.12.2', 'Valid inhibitAnyPolicy (0) with the policy named', 'valid', [
    ...anyBelow(0).slice(0, 1),
    only(P1),
  ]),
  test('4.12.3 (1)', 'Valid inhibitAnyPolicy (1)', 'valid', anyBelow(1)),
  test('4.12.3 (2)', 'Invalid inhibitAnyPolicy asked for', 'policy', anyBelow(1), { inhibitAny: true }),
  test('4.12.4', 'Invalid inhibitAnyPolicy (1, one CA further)', 'policy', anyBelow(1, only(P1))),
  test(
    '4.12.7',
    'Valid Self-Issued inhibitAnyPolicy',
    'valid',
    anyBelow(1, { ...only(P1), selfIssued: true }),
  ),
  test('4.12.9', 'Valid Self-Issued CA may use anyPolicy under inhibitAnyPolicy (0)', 'valid', [
    ...anyBelow(0).slice(0, 1),
    { ...only(ANY), selfIssued: true },
    only(P1),
  ]),
]

export const SECTION_4_8_TO_4_12: readonly PkitsCase[] = [
  ...SECTION_4_8,
  ...SECTION_4_9,
  ...SECTION_4_10,
  ...SECTION_4_11,
  ...SECTION_4_12,
]
