import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { skipReason } from '@sallyport/lab/debian'
import { runToEnd, temporaryFolder } from '@sallyport/lab/process'
import { judge, message } from './messages.ts'

const skip = skipReason('python3-lxml', 'python3-asn1crypto', 'openssl')
const ID = 'urn:uuid:72048b64-0f19-448f-8c2e-b4c661860aa0'
const SAMPLE = readFileSync(join(import.meta.dirname, 'answers/get-policies.xml'), 'utf8')

/** One thing that is wrong with an answer -> what the judge says. */
const FAULTS: readonly (readonly [string, string, string, RegExp])[] = [
  ['a negative flag word', '<privateKeyFlags>33882112<', '<privateKeyFlags>-2113601536<', /unsigned/],
  ['an unknown flag', '<enrollmentFlags>32<', '<enrollmentFlags>2147483680<', /unknown bits/],
  ['an element left out', '<supersededPolicies xsi:nil="true"/>', '', /supersededPolicies/],
  [
    'elements in another order',
    '<generalFlags>96</generalFlags>',
    '<generalFlags>96</generalFlags><generalFlags>96</generalFlags>',
    /generalFlags/,
  ],
  ['a value without one', '<keySpec xsi:nil="true"/>', '<keySpec/>', /keySpec/],
  [
    'a dangling OID reference',
    '<policyOIDReference>0<',
    '<policyOIDReference>77<',
    /policyOIDReference leads to no OID/,
  ],
  ['a dangling CA reference', '<cAReference>0<', '<cAReference>77<', /cAReference 77 leads to no cA/],
  [
    'an OID reference twice',
    '<oIDReferenceID>6<',
    '<oIDReferenceID>5<',
    /oIDReferenceID 5 twice|leads to no OID/,
  ],
  [
    'a dangling extension',
    '<extension><oIDReference>4<',
    '<extension><oIDReference>44<',
    /extension refers to 44/,
  ],
  [
    'X.509 key usage as a key property',
    '<keyUsageProperty>2<',
    '<keyUsageProperty>160<',
    /keyUsageProperty 160/,
  ],
  ['renewal after the end', 'Seconds>3628800<', 'Seconds>31536000<', /renewal period/],
  ['a policy id that is no GUID', '{5D4C1B2A-', '{5D4C1B2-', /no GUID/],
  [
    'changed, said as false',
    '<policiesNotChanged xsi:nil="true"/>',
    '<policiesNotChanged>false</policiesNotChanged>',
    /nor nil/,
  ],
  [
    'two kinds of authentication at once',
    '<clientAuthentication>2<',
    '<clientAuthentication>6<',
    /clientAuthentication/,
  ],
  ['anonymous for first requests', '<clientAuthentication>2<', '<clientAuthentication>1<', /anonymous/],
  ['a template for people', '<generalFlags>96<', '<generalFlags>32<', /machine flag/],
  ['another request', `<a:RelatesTo>${ID}`, '<a:RelatesTo>urn:uuid:0', /RelatesTo/],
  ['another action', 'GetPoliciesResponse</a:Action>', 'GetPolicies</a:Action>', /Action/],
  ['a hash algorithm in schema 2', '<policySchema>3<', '<policySchema>2<', /in schema 2/],
]

describe('the judge of MS-XCEP and MS-WSTEP answers', { skip }, () => {
  const folder = temporaryFolder('judge-')
  after(() => folder[Symbol.dispose]())

  const policies = (text: string) => {
    const file = join(folder.path, 'policies.xml')
    writeFileSync(file, text)
    return judge('policies', file, '--relates-to', ID, '--kind', 'computer')
  }
  const issued = async (fault: string) => {
    const builder = join(import.meta.dirname, 'build_answer.py')
    const built = await runToEnd('/usr/bin/python3', [builder, folder.path, '--fault', fault])
    assert.equal(built.code, 0, built.output)
    const file = (name: string) => join(folder.path, name)
    return judge(
      ...['issued', file('answer.xml'), '--relates-to', ID],
      ...['--root', file('root.pem'), '--request', file('request.der')],
    )
  }

  test('ok/an answer that is right has no problem', async () => {
    assert.deepEqual((await policies(SAMPLE)).problems, [])
    assert.deepEqual((await issued('none')).problems, [])
  })

  for (const [what, from, to, complaint] of FAULTS) {
    test(`fail/policies: ${what}`, async () => {
      const text = SAMPLE.replace(from, to)
      assert.notEqual(text, SAMPLE)
      assert.match((await policies(text)).problems.join('\n'), complaint)
    })
  }

  for (const [fault, complaint] of [
    ['status', /cMCStatus is 2/],
    ['hash', /hash is of another/],
    ['bodylist', /body list/],
    ['leaf', /is not in the CMC response/],
    ['root', /not the whole chain/],
    ['certs-only', /not a CMC response/],
  ] as const) {
    test(`fail/issued: ${fault}`, async () => {
      assert.match((await issued(fault)).problems.join('\n'), complaint)
    })
  }

  test('ok/every fixed request is well-formed and has all its blanks', () => {
    const names = readdirSync(join(import.meta.dirname, 'requests'))
    assert.ok(names.length >= 16)
    const blanks =
      'username password token template requestId lastUpdate policyOid clientVersion serverVersion'
    const filled = Object.fromEntries(blanks.split(' ').map((name) => [name, 'x']))
    for (const name of names) assert.match(message(name.replace('.xml', ''), filled).text, /Envelope>\s*$/)
    assert.throws(() => message('windows-renew'), /needs token/)
  })
})
