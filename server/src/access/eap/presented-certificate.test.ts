import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reason, render } from '../../reasons/index.ts'
import { withPresented } from './presented-certificate.ts'

const PRESENTED = {
  serverName: 'radius.example.org',
  issuer: 'CN=Example CA',
  notBefore: '2026-01-01T00:00:00.000Z',
  notAfter: '2027-01-01T00:00:00.000Z',
}
const IN_TIME = Date.parse('2026-06-01T00:00:00Z')
const expired = reason('tls-alert-certificate-expired', { alert: 'certificate_expired', user: 'alice' })

test('fail/expired by the clock of the device alone: a clock is wrong', () => {
  const why = withPresented(expired, PRESENTED, { now: IN_TIME })
  assert.equal(why.code, 'tls-alert-certificate-expired')
  assert.match(render(why).sentence, /one of the two clocks is wrong/)
})

test('fail/expired by our clock as well: renew it', () => {
  const why = withPresented(expired, PRESENTED, { now: Date.parse('2027-01-02T00:00:00Z') })
  assert.equal(why.code, 'server-certificate-expired')
  assert.match(render(why).nextStep, /renew/)
})

test('an alert names the certificate it is about; another reason is left as it is', () => {
  const why = withPresented(reason('tls-alert-unknown-ca', {}), PRESENTED, { now: IN_TIME })
  assert.match(render(why).sentence, /CA CN=Example CA .*"radius\.example\.org"/)
  const other = reason('wrong-password', { user: 'alice' })
  assert.equal(withPresented(other, PRESENTED, { now: IN_TIME }), other)
})
