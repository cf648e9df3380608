import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { findClientError } from './find-client-error.ts'
import { judgeClientError } from './judge-client-error.ts'
import type { SeenLogin } from './seen-logins.ts'

const NOW = 1_800_000_000_000
const login: SeenLogin = {
  ...{ id: '01k', at: NOW - 30_000, client: 'vpn-1', outcome: 'reject' },
  sentence: 'No rule lets alice in.',
  nextStep: 'Add alice to VPN Users.',
}
const drop = {
  ...{ client: 'vpn-1', address: '192.0.2.10', title: 'Wrong shared secret', packets: 3 },
  nextStep: 'Compare the secrets.',
}

function judge(code: string, logins: readonly SeenLogin[], drops = [] as (typeof drop)[]) {
  const error = findClientError(code)
  assert.ok(error)
  return judgeClientError(error, { user: 'alice', minutes: 15, now: NOW, logins, drops })
}

describe('judgeClientError', () => {
  it('ok/no-login-and-a-code-from-before-the-login', () => {
    const { verdict, sentences } = judge('809', [])
    assert.equal(verdict, 'not-reached')
    assert.match(sentences.join(' '), /No login of alice reached this server in the last 15 minutes/)
  })

  it('ok/no-login-though-the-gateway-should-have-asked', () => {
    const { verdict, nextSteps } = judge('812', [])
    assert.equal(verdict, 'not-asked')
    assert.match(nextSteps.join(' '), /gateways check/)
  })

  it('ok/refused-says-why-and-what-to-do', () => {
    const { verdict, sentences, nextSteps, receipt } = judge('812', [login])
    assert.deepEqual([verdict, receipt], ['refused', '01k'])
    assert.match(sentences.join(' '), /refused alice through vpn-1 30 seconds ago: No rule lets alice in\./)
    assert.deepEqual(nextSteps, ['Add alice to VPN Users.'])
  })

  it('ok/the-latest-login-counts', () => {
    const accepted: SeenLogin = { ...login, id: '02k', at: NOW - 1_000, outcome: 'accept' }
    assert.equal(judge('812', [accepted, login]).verdict, 'accepted')
  })

  it('ok/a-reject-of-another-attempt', () => {
    assert.match(judge('809', [login]).sentences.join(' '), /may belong to another attempt/)
  })

  it('ok/accepted-so-the-gateway-is-to-blame', () => {
    const { sentences } = judge('691', [{ ...login, outcome: 'accept' }])
    assert.match(sentences.join(' '), /691 comes from the gateway/)
  })

  it('ok/accepted-and-no-address', () => {
    assert.match(judge('720', [{ ...login, outcome: 'accept' }]).sentences.join(' '), /That fits: 720/)
  })

  it('ok/silence-is-no-refusal', () => {
    const { verdict, sentences } = judge('812', [{ ...login, outcome: 'drop' }])
    assert.equal(verdict, 'silent')
    assert.match(sentences.join(' '), /could not decide/)
  })

  it('ok/dropped-packets-are-suspects', () => {
    const { sentences, nextSteps } = judge('812', [], [drop])
    assert.match(
      sentences.join(' '),
      /vpn-1 \(192\.0\.2\.10\) got no answer to 3 packets: Wrong shared secret/,
    )
    assert.ok(nextSteps.includes('Compare the secrets.'))
  })

  it('ok/dropped-packets-of-others-do-not-blur-an-accept', () => {
    assert.doesNotMatch(
      judge('720', [{ ...login, outcome: 'accept' }], [drop]).sentences.join(' '),
      /Wrong shared/,
    )
  })
})
