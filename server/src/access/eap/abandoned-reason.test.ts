import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TlsStanding } from '@sallyport/eap'
import { render } from '../../reasons/index.ts'
import { type Abandoned, abandonedReason } from './abandoned-reason.ts'

const PRESENTED = {
  serverName: 'radius.example.org',
  issuer: 'CN=Example CA',
  notBefore: '2026-01-01T00:00:00.000Z',
  notAfter: '2027-01-01T00:00:00.000Z',
}
const FLIGHT: TlsStanding = {
  at: 'handshake',
  octets: 2600,
  fragments: 3,
  acknowledged: 2,
  fragmentOctets: 612,
  receivedOctets: 0,
}

function told(standing: Partial<Abandoned['standing']>, tls?: Partial<TlsStanding>) {
  const why = abandonedReason({
    client: 'wifi',
    user: 'alice',
    seconds: 61,
    framedMtu: 1400,
    standing: {
      at: 'method',
      method: 'peap',
      sent: 1000,
      repeats: 0,
      ...standing,
      ...(tls && { tls: { ...FLIGHT, ...tls } }),
    },
    presented: PRESENTED,
  })
  return { code: why.code, ...render(why) }
}

test('fail/a fragment that was never acknowledged was lost: no device reads a certificate before it is whole', () => {
  const { code, sentence } = told({}, { acknowledged: 0, fragmentOctets: 994 })
  assert.equal(code, 'eap-fragment-lost')
  assert.match(sentence, /0 of 3 fragments .* of 994 octets, .* trust is not the cause/)
})

test('fail/a device that asked for every fragment and fell silent does not like what it read', () => {
  const { code, sentence, nextStep } = told({}, {})
  assert.equal(code, 'server-certificate-unanswered')
  assert.match(sentence, /"alice" .* "radius\.example\.org" from CA CN=Example CA/)
  assert.match(nextStep, /Install our CA certificate/)
})

test('fail/a certificate in one piece leaves both open, and says so', () => {
  const { code, sentence } = told({}, { fragments: 1, acknowledged: 0, octets: 900 })
  assert.equal(code, 'no-answer-to-certificate')
  assert.match(sentence, /ambiguous/)
})

test('fail/a RADIUS client that asks again has not got our answer, whatever the answer was', () => {
  for (const tls of [{}, { acknowledged: 0 }, { fragments: 1, acknowledged: 0 }]) {
    assert.equal(told({ repeats: 2 }, tls).code, 'answer-lost')
  }
})

test('fail/after our certificate the step is told, and neither trust nor fragments are blamed', () => {
  for (const [standing, tls, step] of [
    [{ at: 'identity' }, undefined, /asked who it is/],
    [{ at: 'proposed' }, undefined, /offered peap/],
    [{ at: 'method', method: 'eap-md5' }, undefined, /middle of eap-md5/],
    [{ at: 'end' }, undefined, /told that the login failed/],
    [{}, { at: 'start' }, /did not begin TLS/],
    [{}, { at: 'open' }, /had accepted our certificate/],
    [{}, { receivedOctets: 1200 }, /1200 octets had come/],
  ] as const) {
    const { code, sentence } = told(standing, tls)
    assert.equal(code, 'conversation-abandoned')
    assert.match(sentence, step)
  }
})
