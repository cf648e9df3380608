import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { skipReason } from '@sallyport/lab/debian'
import fc from 'fast-check'
import { type DomainPolicy, registryValues, serverKey } from './domain-policy.ts'
import { powershellScript } from './powershell-script.ts'
import { powershellLiteral, pythonLiteral, UnquotableText } from './quoting.ts'
import { sambaScript } from './samba-script.ts'

const POLICY: DomainPolicy = {
  roots: [Uint8Array.of(1)],
  issuing: [Uint8Array.of(2)],
  url: 'https://ca.example.org/ADPolicyProvider_CEP_Kerberos/service.svc/CEP',
  policyId: '{5D4C1B2A-90AB-4CDE-8F01-23456789ABCD}',
  friendlyName: 'Sallyport',
  authentication: 2,
  gpoName: 'Sallyport enrolment',
}
/** What breaks out of a string somewhere. */
const NASTY = fc
  .array(
    fc.constantFrom(...`'"\u2018\u2019\u201a\u201b\u201c\u201d$\`(){};&|<>#@\\%\0\n\r\t\u0085\u2028 aZ9é😀`),
    {
      maxLength: 24,
    },
  )
  .map((letters) => letters.join(''))

/** How PowerShell's tokenizer reads a verbatim string: any of four apostrophes ends it, two of them are one. */
function readPowershell(literal: string): string | undefined {
  const isApostrophe = (letter: string | undefined) => letter !== undefined && /['\u2018-\u201b]/.test(letter)
  if (!isApostrophe(literal[0])) return undefined
  let text = ''
  for (let at = 1; at < literal.length; at++) {
    if (!isApostrophe(literal[at])) text += literal[at]
    else if (isApostrophe(literal[at + 1])) text += literal[at++]
    else return at === literal.length - 1 ? text : undefined
  }
  return undefined
}

const quotable = (text: string) => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text)

test('fail/no text breaks out of a PowerShell string, and none is changed', () => {
  fc.assert(
    fc.property(NASTY, (text) => {
      if (quotable(text)) assert.equal(readPowershell(powershellLiteral(text)), text)
      else assert.throws(() => powershellLiteral(text), UnquotableText)
    }),
    { seed: 5, numRuns: 2000 },
  )
  assert.equal(powershellLiteral("O’Brien's"), "'O’’Brien''s'")
})

test('fail/no text breaks out of a Python string, and none is changed', {
  skip: skipReason('python3-samba'),
}, () => {
  const texts = fc.sample(NASTY, { seed: 6, numRuns: 1500 }).filter(quotable)
  assert.ok(texts.length > 100)
  const program = `import json\nprint(json.dumps([${texts.map(pythonLiteral).join(',\n')}]))`
  const { stdout, stderr } = spawnSync('/usr/bin/python3', ['-'], { input: program, encoding: 'utf8' })
  assert.equal(stderr, '')
  assert.deepEqual(JSON.parse(stdout), texts)
  assert.throws(() => pythonLiteral('a\nimport os'), UnquotableText)
})

test('ok/names of any kind stand in both scripts as strings, and nowhere else', () => {
  const name = `x'); Remove-Item C:\\ -Recurse; ('"""\\`
  const policy = { ...POLICY, friendlyName: name, gpoName: name }
  assert.equal(powershellScript(policy).split(powershellLiteral(name)).length, 3)
  assert.equal(sambaScript(policy).split(pythonLiteral(name)).length, 3)
  for (const script of [powershellScript, sambaScript])
    assert.equal(script(policy).split('Remove-Item C:').length, 3)
  assert.throws(() => powershellScript({ ...POLICY, gpoName: 'a\nb' }), UnquotableText)
})

test('ok/the key of a policy server is the SHA-1 Windows and Samba know', () => {
  // Of the policy every domain has.
  assert.equal(serverKey('LDAP:'), '37c9dc30f207f27f61a2f7c3aed598a6e2920b54')
})

test('ok/all three switches of auto-enrolment are on, and the policy may be used for it', () => {
  const value = (name: string, key = '') =>
    registryValues(POLICY).find((one) => one.name === name && one.key.endsWith(key))?.value
  assert.equal(value('AEPolicy'), 7)
  assert.equal(value('Flags', serverKey(POLICY.url)), 0x10)
  assert.equal(value('AuthFlags'), 2)
  assert.equal(value('URL'), POLICY.url)
})
