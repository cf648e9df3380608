import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Configuration, EMPTY_CONFIGURATION } from '../../../config/schema.ts'
import { template } from '../testing.ts'
import { lintTemplates } from './lint-templates.ts'

type Settings = Record<string, unknown>

function findings(settings: Settings, more: Partial<Configuration> = {}): string[] {
  const configuration = { ...EMPTY_CONFIGURATION, certificateTemplates: [template(settings)], ...more }
  return lintTemplates(configuration).map(({ severity, code, message }) => `${severity} ${code} ${message}`)
}

/** Each with the twin that differs in one field and is not complained about. */
const CASES: readonly (readonly [
  name: string,
  expected: RegExp,
  bad: Settings,
  good: Settings,
  configuration?: Partial<Configuration>,
])[] = [
  [
    'ESC1: names of the request, a login, no approval',
    /^error template-esc1 ESC1: /,
    { names: 'requested', allowedNames: ['*@example.org'], approval: 'none' },
    // Approved it is still told, as a warning: see the next.
    { names: 'account', approval: 'none' },
  ],
  [
    'ESC1: names of the request, a login, approved',
    /^warning template-esc1-approved ESC1: /,
    { names: 'requested', allowedNames: ['pc.example.org'], approval: 'required' },
    { names: 'requested', allowedNames: ['pc.example.org'], approval: 'required', base: 'web-server' },
  ],
  [
    'ESC1: mailbox names that a challenge proves, a login',
    /^warning template-esc1-proved ESC1: /,
    { names: 'proved', allowedNames: ['*@example.org'] },
    { names: 'proved', allowedNames: ['*.example.org'] },
  ],
  [
    'ESC2: any purpose',
    /^error template-esc2 ESC2: /,
    { extendedKeyUsages: ['2.5.29.37.0'] },
    { extendedKeyUsages: ['1.3.6.1.5.5.7.3.2'] },
  ],
  [
    'ESC2: any application policy',
    /^error template-esc2 ESC2: /,
    { extendedKeyUsages: ['1.3.6.1.5.5.7.3.2', '1.3.6.1.4.1.311.10.12.1'] },
    { extendedKeyUsages: ['1.3.6.1.5.5.7.3.2'] },
  ],
  [
    'ESC3: enrolment agent',
    /^error template-esc3 ESC3: /,
    { extendedKeyUsages: ['1.3.6.1.4.1.311.20.2.1'] },
    { extendedKeyUsages: ['1.3.6.1.4.1.311.20.2.2'] },
  ],
  [
    'ESC3: CMC registration authority',
    /^error template-esc3 ESC3: /,
    { extendedKeyUsages: ['1.3.6.1.5.5.7.3.28'] },
    { extendedKeyUsages: ['1.3.6.1.5.5.7.3.2'] },
  ],
  ...['1.3.6.1.5.5.7.3.9', '1.3.6.1.4.1.311.21.5', '1.3.6.1.4.1.311.21.6'].map(
    (oid) =>
      [
        `usage of a CA: ${oid}`,
        /^error template-ca-usage /,
        { extendedKeyUsages: [oid] },
        { extendedKeyUsages: ['1.3.6.1.5.5.7.3.2'] },
      ] as const,
  ),
  [
    'ESC4: everybody may stand in for servers',
    /^warning template-esc4-wide .*ESC4/,
    { base: 'web-server', enrol: { groups: ['Domain Computers'] } },
    { base: 'web-server', enrol: { groups: ['Web servers'] } },
  ],
  [
    'ESC8 and ESC11: accounts are proved, and only a plain HTTP address is told',
    /^warning template-esc8 ESC8\/ESC11: /,
    { protocols: ['est', 'scep'] },
    { protocols: ['scep'] },
    { enrolment: { ...EMPTY_CONFIGURATION.enrolment, httpUrl: 'http://pki.example.org' } },
  ],
  [
    'ESC9: no security identifier',
    /^warning template-esc9 ESC9: /,
    { sidExtension: false },
    { sidExtension: true },
  ],
  [
    'ESC9: no security identifier, nor its URI',
    /^warning template-esc9 ESC9: /,
    { sidExtension: false, subjectAltNames: ['upn'] },
    { sidExtension: false, subjectAltNames: ['upn', 'sid-uri'] },
  ],
  [
    'a domain controller',
    /^warning template-kdc /,
    { extendedKeyUsages: ['1.3.6.1.5.2.3.5'] },
    { extendedKeyUsages: ['1.3.6.1.5.2.3.4'] },
  ],
  [
    'code signing',
    /^warning template-code-signing /,
    { extendedKeyUsages: ['1.3.6.1.5.5.7.3.3'] },
    { extendedKeyUsages: ['1.3.6.1.5.5.7.3.4'] },
  ],
  [
    'a computer that is a server too',
    /^warning template-client-and-server /,
    { base: 'computer', extendedKeyUsages: ['1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.1'] },
    { base: 'computer', extendedKeyUsages: ['1.3.6.1.5.5.7.3.2'] },
  ],
  [
    'nothing may be held',
    /^error template-no-names /,
    { base: 'web-server', names: 'proved' },
    { base: 'web-server', names: 'proved', allowedNames: ['*.example.org'] },
  ],
  [
    'a pattern that is none',
    /^error template-name-pattern /,
    { base: 'web-server', names: 'proved', allowedNames: ['10.0.0.0/'] },
    { base: 'web-server', names: 'proved', allowedNames: ['10.0.0.0/8'] },
  ],
  [
    'every name there is',
    /^warning template-name-wide /,
    { base: 'web-server', names: 'proved', allowedNames: ['*.org'] },
    { base: 'web-server', names: 'proved', allowedNames: ['*.example.org'] },
  ],
  [
    'names that are not looked at',
    /^warning template-names-unused /,
    { allowedNames: ['*.example.org'] },
    { allowedNames: [] },
  ],
  [
    'no name that leads to the account',
    /^warning template-no-login-name /,
    { subjectAltNames: ['sid-uri'] },
    { subjectAltNames: ['sid-uri', 'upn'] },
  ],
  ['nobody', /^warning template-nobody /, { enrol: { groups: [] } }, { enrol: { groups: ['Staff'] } }],
  [
    'attestation without its protocol',
    /^error template-attestation /,
    { keys: { attestation: 'required' }, protocols: ['scep'] },
    { keys: { attestation: 'required' }, protocols: ['acme'] },
  ],
  ['renewed all the time', /^error template-renewal /, { validityDays: 42 }, { validityDays: 43 }],
  [
    'an unknown source',
    /^error unknown-source /,
    { enrol: { groups: ['Staff'], sources: ['corp'] } },
    { enrol: { groups: ['Staff'] } },
  ],
  ['itself', /^error template-supersedes-itself /, { supersedes: ['user'] }, { supersedes: [] }],
  [
    'a template that is gone',
    /^warning template-supersedes-unknown /,
    { supersedes: ['old'] },
    { supersedes: [] },
  ],
  ['the built-in name', /^error name-reserved /, { name: 'Built-In' }, { name: 'builtin' }],
]

for (const [name, expected, bad, good, configuration] of CASES) {
  test(`fail/${name}`, () => {
    const found = findings(bad, configuration)
    assert.ok(
      found.some((line) => expected.test(line)),
      found.join('\n'),
    )
  })
  test(`ok/${name}: its twin`, () => {
    assert.deepEqual(
      findings(good, configuration).filter((line) => expected.test(line)),
      [],
    )
  })
}

test('fail/ESC10: a directory that takes names for accounts, and nothing stronger in the certificate', () => {
  const source = { name: 'corp', kind: 'ldap', certificateMapping: 'compatible' }
  // Of a source the rule reads these three fields.
  const sources = [source] as unknown as Configuration['sources']
  const weak = (settings: Settings, of = sources) =>
    findings(settings, { sources: of }).filter((line) => / template-esc10 ESC10: /.test(line)).length
  assert.equal(weak({ sidExtension: false }), 1)
  assert.equal(weak({ sidExtension: true }), 0)
  const strong = [{ ...source, certificateMapping: 'strong' }] as unknown as Configuration['sources']
  assert.equal(weak({ sidExtension: false }, strong), 0)
})

test('fail/ESC16: no template at all writes the security identifier', () => {
  const found = (second: boolean) =>
    findings(
      {},
      {
        certificateTemplates: [
          template({ sidExtension: false }),
          template({ name: 'other', sidExtension: second }),
        ],
      },
    ).filter((line) => line.includes('ESC16'))
  assert.equal(found(false).length, 2)
  assert.equal(found(true).length, 0)
})

test('fail/an OID twice, and two that supersede each other', () => {
  const all = (first: Settings, second: Settings) =>
    findings({}, { certificateTemplates: [template(first), template({ name: 'b', ...second })] })
  const oid = '1.3.6.1.4.1.311.21.8.1.2'
  assert.ok(all({ oid }, { oid }).some((line) => line.startsWith('error template-oid-taken')))
  assert.deepEqual(all({ oid }, {}), [])
  const circle = all({ supersedes: ['b'] }, { supersedes: ['user'] })
  assert.equal(circle.filter((line) => line.startsWith('error template-supersedes-circle')).length, 2)
  assert.deepEqual(all({ supersedes: ['b'] }, {}), [])
})

test('ok/the bases as they are need no word, but for those whose names must be said', () => {
  for (const base of ['user', 'computer', 'device'] as const) assert.deepEqual(findings({ base }), [], base)
  for (const base of ['radius-server', 'vpn-gateway', 'radsec', 'web-server'] as const) {
    assert.deepEqual(findings({ base, enrol: { groups: ['Gateways'] } }), [], base)
  }
})
