import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseConfiguration } from './document.ts'
import type { Problem } from './problem.ts'

/** What is wrong with a text, as `path:line code -> suggestion`. */
function problems(text: string): string[] {
  const parsed = parseConfiguration(text, [])
  return parsed.ok ? [] : parsed.problems.map(brief)
}

function brief({ path, line, code, suggestion }: Problem): string {
  return `${path}:${line} ${code}${suggestion === undefined ? '' : ` -> ${suggestion}`}`
}

const CLIENT = 'clients:\n  - name: vpn-1\n    address: 192.0.2.10\n    secret: 0123456789abcdef0\n'

describe('reading a document', () => {
  it('fills in defaults, and keeps absent sections absent', () => {
    const parsed = parseConfiguration(CLIENT, [])
    assert.ok(parsed.ok)
    assert.deepEqual(Object.keys(parsed.document.configuration), ['clients'])
    assert.deepEqual(parsed.document.configuration.clients, [
      {
        name: 'vpn-1',
        address: '192.0.2.10',
        secret: '0123456789abcdef0',
        enabled: true,
        vendor: 'other',
        requireMessageAuthenticator: true,
        macAuthentication: { recognise: 'off', callingStationId: 'required', blankPassword: false },
      },
    ])
    assert.ok(parseConfiguration('', []).ok)
  })

  const cases: readonly (readonly [name: string, text: string, expected: readonly string[]])[] = [
    ['an unknown section', `${CLIENT}client: []\n`, ['client:5 unknown-key -> clients']],
    ['an unknown key', `${CLIENT}    adress: x\n`, ['clients/vpn-1/adress:5 unknown-key -> address']],
    [
      'a key in other spelling',
      `${CLIENT}    new_secret: x\n`,
      ['clients/vpn-1/new_secret:5 unknown-key -> newSecret'],
    ],
    [
      "another program's words",
      'sources:\n  - name: ad\n    kind: active-directory\n',
      ['sources/ad/kind:3 not-allowed -> ldap'],
    ],
    [
      'settings as other programs call them',
      'sources:\n  - name: o\n    kind: ldap\n    type: openldap\n    uri: x\n    base: x\n    ca: x\n    baseDn: x\n',
      [
        'sources/o/type:4 not-allowed -> generic',
        'sources/o/uri:5 unknown-key -> servers',
        'sources/o/base:6 unknown-key -> baseDn',
        'sources/o/ca:7 unknown-key -> authorities',
      ],
    ],
    ['a key like no other', `${CLIENT}    colour: x\n`, ['clients/vpn-1/colour:5 unknown-key']],
    [
      'a missing value',
      'clients:\n  - name: a\n    secret: 0123456789abcdef0\n',
      ['clients/a/address:2 missing'],
    ],
    [
      'a number for a text',
      `${CLIENT}    newSecret: 1234567890123456\n`,
      ['clients/vpn-1/newSecret:5 wrong-type'],
    ],
    ['a text for a list', 'realms:\n  - name: a\n    sources: local\n', ['realms/a/sources:3 wrong-type']],
    [
      'a nameless list member',
      'clients:\n  - address: 192.0.2.1\n    secret: 0123456789abcdef\n',
      ['clients/0/name:2 missing'],
    ],
    [
      'a value that is not allowed',
      `${CLIENT}    vendor: strongswam\n`,
      ['clients/vpn-1/vendor:5 not-allowed -> strongswan'],
    ],
    [
      'an unknown kind',
      'sources:\n  - name: a\n    kind: locale\n',
      ['sources/a/kind:3 not-allowed -> local'],
    ],
    [
      'an unknown key under a kind',
      'trust:\n  - name: a\n    kind: own\n    pen: x\n',
      ['trust/a/pen:4 unknown-key'],
    ],
    [
      'an unknown key in a secret',
      'clients:\n  - name: a\n    address: 192.0.2.1\n    secret: {generat: true}\n',
      ['clients/a/secret/generate:4 missing', 'clients/a/secret/generat:4 unknown-key -> generate'],
    ],
    ['a number out of range', 'profiles:\n  - name: a\n    vlan: 4095\n', ['profiles/a/vlan:3 out-of-range']],
    [
      'a method nobody knows',
      'rules:\n  - name: a\n    effect: accept\n    methods: {outer: [eap-peap]}\n',
      ['rules/a/methods/outer/0:4 not-allowed -> peap'],
    ],
    [
      'a short secret',
      'clients:\n  - name: a\n    address: 192.0.2.1\n    secret: 1a34567\n',
      ['clients/a/secret:4 invalid'],
    ],
    [
      'an empty secret',
      'clients:\n  - name: a\n    address: 192.0.2.1\n    secret: ""\n',
      ['clients/a/secret:4 invalid'],
    ],
    [
      'a blank secret',
      'clients:\n  - name: a\n    address: 192.0.2.1\n    secret: "            "\n',
      ['clients/a/secret:4 invalid'],
    ],
    [
      'a blank condition',
      'rules:\n  - name: a\n    effect: accept\n    when: " "\n',
      ['rules/a/when:4 invalid'],
    ],
    [
      'an empty list of methods',
      'rules:\n  - name: a\n    effect: accept\n    methods: {outer: []}\n',
      ['rules/a/methods/outer:4 out-of-range'],
    ],
    [
      'a bad address',
      'clients:\n  - name: a\n    address: 192.0.2.300\n    secret: 0123456789abcdef0\n',
      ['clients/a/address:3 invalid'],
    ],
    ['a key twice', 'clients: []\nclients: []\n', [':2 duplicate-key']],
    ['broken YAML', 'clients: [\n', [':2 yaml-syntax']],
    ['no document at all', 'just text\n', [':undefined wrong-type']],
  ]
  for (const [name, text, expected] of cases) {
    it(`fail/${name}`, () => assert.deepEqual(problems(text), expected))
  }

  it('refuses a bomb of aliases', () => {
    const levels = Array.from(
      { length: 9 },
      (_, n) => `l${n + 1}: &l${n + 1} [${Array(10).fill(`*l${n}`).join(', ')}]`,
    )
    assert.deepEqual(
      problems(`l0: &l0 [x]\n${levels.join('\n')}\n`).map((line) => line.split(' ')[1]),
      ['yaml-syntax'],
    )
  })

  it('never repeats a secret in a problem', () => {
    const parsed = parseConfiguration(
      'clients:\n  - name: a\n    address: 1\n    secret: hunter2\n    newSecret: [hunter2]\n',
      [],
    )
    assert.ok(!parsed.ok)
    assert.ok(!JSON.stringify(parsed.problems).includes('hunter2'))
  })
})
