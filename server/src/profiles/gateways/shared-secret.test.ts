import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { exampleGateway } from '../testing/example-gateway.ts'
import { type SecretRule, secretFindings } from './shared-secret.ts'

const RULE: SecretRule = { where: 'it', beyondAscii: false, mostOctets: 20, refused: /[?]/ }
const codes = (secret: string, rule = RULE) =>
  secretFindings(
    exampleGateway({}, { secret, dynamicAuthorization: { port: 3799, secret, messageAuthenticator: true } }),
    rule,
  ).map(({ severity, code }) => `${severity} ${code}`)

describe('secretFindings', () => {
  it('ok/printable', () => assert.deepEqual(codes('a "b\' $c\\ #{}'), []))
  it('ok/beyond-ascii-where-it-may', () =>
    assert.deepEqual(codes('schlüssel', { ...RULE, beyondAscii: true }), []))
  it('fail/line-break', () => assert.deepEqual(codes('secret\nof two'), ['obstacle secret-not-printable']))
  it('fail/half-a-character', () =>
    assert.deepEqual(codes('secret\ud83d'), ['obstacle secret-not-printable']))
  it('fail/refused-by-the-device', () => assert.deepEqual(codes('secret?'), ['obstacle secret-character']))
  it('fail/beyond-ascii', () => assert.deepEqual(codes('schlüssel'), ['obstacle secret-beyond-ascii']))
  it('fail/too-long', () => assert.deepEqual(codes('x'.repeat(21)), ['obstacle secret-too-long']))

  it('fail/that-of-coa', () => {
    const dynamicAuthorization = { port: 3799, secret: 'secret\n', messageAuthenticator: true }
    const [finding] = secretFindings(
      exampleGateway({}, { secret: 'a-fine-secret', dynamicAuthorization }),
      RULE,
    )
    assert.equal(finding?.setting, 'clients/vpn-1/dynamicAuthorizationSecret')
  })

  it('ok/the-sentence-does-not-hold-the-secret', () => {
    const [finding] = secretFindings(exampleGateway({}, { secret: 'very-secret?' }), RULE)
    assert.ok(finding !== undefined && !finding.message.includes('very-secret'))
    assert.match(finding.message, /U\+003F/)
  })
})
