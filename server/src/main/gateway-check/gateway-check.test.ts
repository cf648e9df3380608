import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { StoredSource } from '../../access/clients/client-observation-store.ts'
import type { DynamicAuthorizationRow } from '../../access/dynamic-authorization/dynamic-authorization-store.ts'
import type { SessionRow } from '../../access/session-store.ts'
import { exampleGateway } from '../../profiles/testing/example-gateway.ts'
import type { CheckItem } from './check-line.ts'
import { gatewayCheck } from './gateway-check.ts'
import type { GatewaySeen, SeenLogin } from './seen.ts'

const NOW = 1_800_000_000_000
const minutes = (count: number) => count * 60_000

const SOURCE: StoredSource = {
  ...{
    client: 'vpn-1',
    address: '10.20.0.1',
    first_seen_at: NOW - minutes(60),
    last_seen_at: NOW - minutes(1),
  },
  ...{ signed: 10, unsigned: 0, last_unsigned_at: null, signed_run: 10 },
  uses: [
    {
      ...{ client: 'vpn-1', address: '10.20.0.1', secret_mark: 'a', requests: 10 },
      ...{ first_used_at: NOW - minutes(60), last_used_at: NOW - minutes(1) },
    },
  ],
}
const LOGIN: SeenLogin = {
  ...{ at: NOW - minutes(1), outcome: 'accept', sentence: 'accepted', method: 'eap-tls' },
  attributes: { 'NAS-Identifier': ['vpn-1'], 'NAS-IP-Address': ['192.0.2.1'], 'NAS-Port-Type': ['Virtual'] },
}
const SESSION = {
  ...{ state: 'live', started_at: NOW - minutes(20), heard_at: NOW - 1000, stopped_at: null },
  ...{ interim_seconds: 300, session_seconds: 1200 },
} as SessionRow // the columns the check reads
const CHANGE = {
  ...{ at: NOW - minutes(5), action: 'disconnect', outcome: 'acknowledged', device: '10.20.0.1:3799' },
  ...{ reason: null, attempts: 1 },
} as DynamicAuthorizationRow // the columns the check reads

/** Nothing is wrong with it. */
function seen(others: Partial<GatewaySeen> = {}): GatewaySeen {
  return {
    ...{
      now: NOW,
      input: exampleGateway(),
      sharedWith: [],
      marks: { current: 'a' },
      drops: [],
      strangers: [],
    },
    ...{ sources: [SOURCE], logins: [LOGIN], sessions: [SESSION], changes: [CHANGE], ...others },
  }
}
const lineOf = (item: CheckItem, others: Partial<GatewaySeen>) =>
  gatewayCheck(seen(others)).find((line) => line.item === item)
const drop = (code: string, at: number) => ({ code, packets: 3, lastSeenAt: at, address: '10.20.0.1' })

describe('gatewayCheck', () => {
  it('ok/nothing-is-wrong', () => {
    assert.deepEqual([...new Set(gatewayCheck(seen()).map(({ state }) => state))], ['ok'])
  })

  it('ok/whatever-is-wrong-has-a-next-step', () => {
    const bad = seen({ sources: [], logins: [], sessions: [], changes: [], sharedWith: ['b'] })
    for (const line of gatewayCheck(bad))
      assert.equal(line.state === 'ok', line.nextStep === undefined, line.text)
  })

  const { input } = seen()
  const cases: readonly (readonly [string, CheckItem, 'ok' | 'warning' | 'problem', Partial<GatewaySeen>])[] =
    [
      [
        'client-disabled',
        'client',
        'problem',
        { input: { ...input, client: { ...input.client, enabled: false } } },
      ],
      ['client-shared', 'client', 'warning', { sharedWith: ['vpn-2'] }],
      ['never-seen', 'request', 'problem', { sources: [] }],
      ['nobody-accepted', 'login', 'warning', { logins: [{ ...LOGIN, outcome: 'reject' }] }],
      ['last-one-rejected', 'login', 'ok', { logins: [{ ...LOGIN, outcome: 'reject' }, LOGIN] }],
      ['another-address', 'source', 'warning', { sources: [{ ...SOURCE, address: '10.20.0.9' }] }],
      ['wrong-secret-last', 'secret', 'problem', { drops: [drop('message-authenticator-invalid', NOW)] }],
      ['wrong-secret-of-accounting', 'secret', 'problem', { drops: [drop('wrong-secret', NOW)] }],
      ['wrong-secret-before', 'secret', 'warning', { drops: [drop('wrong-secret', NOW - minutes(30))] }],
      ['secret-not-proved', 'secret', 'warning', { sources: [{ ...SOURCE, uses: [] }] }],
      ['rotation-old', 'rotation', 'warning', { marks: { current: 'a', next: 'b' } }],
      ['rotation-new', 'rotation', 'ok', { marks: { current: 'old', next: 'a' } }],
      ['rotation-unseen', 'rotation', 'warning', { marks: { current: 'a', next: 'b' }, sources: [] }],
      [
        'unsigned',
        'message-authenticator',
        'warning',
        { sources: [{ ...SOURCE, unsigned: 1, last_unsigned_at: NOW }] },
      ],
      [
        'unsigned-dropped',
        'message-authenticator',
        'problem',
        { drops: [drop('message-authenticator-missing', NOW)] },
      ],
      ['no-accounting', 'accounting', 'problem', { sessions: [] }],
      [
        'no-accounting-yet',
        'accounting',
        'warning',
        { sessions: [], logins: [{ ...LOGIN, at: NOW - 1000 }] },
      ],
      [
        'no-accounting-since',
        'accounting',
        'problem',
        { sessions: [{ ...SESSION, heard_at: NOW - minutes(2) }] },
      ],
      ['overdue', 'interim', 'problem', { sessions: [{ ...SESSION, heard_at: NOW - minutes(11) }] }],
      ['too-rare', 'interim', 'warning', { sessions: [{ ...SESSION, interim_seconds: 600 }] }],
      [
        'never-between',
        'interim',
        'warning',
        { sessions: [{ ...SESSION, state: 'stopped', interim_seconds: null }] },
      ],
      ['unanswered', 'coa', 'problem', { changes: [{ ...CHANGE, outcome: 'no-answer' }] }],
      ['refused', 'coa', 'warning', { changes: [{ ...CHANGE, outcome: 'refused' }] }],
      ['under-way', 'coa', 'ok', { changes: [{ ...CHANGE, outcome: 'sending' }, CHANGE] }],
      ['never-sent', 'coa', 'warning', { changes: [] }],
      [
        'other-identifier',
        'nas-identifier',
        'warning',
        { logins: [{ ...LOGIN, attributes: { 'NAS-Identifier': ['x'] } }] },
      ],
      [
        'other-address',
        'nas-address',
        'warning',
        { logins: [{ ...LOGIN, attributes: { 'NAS-IP-Address': ['127.0.0.1'] } }] },
      ],
      [
        'other-port-type',
        'port-type',
        'warning',
        { logins: [{ ...LOGIN, attributes: { 'NAS-Port-Type': ['Ethernet'] } }] },
      ],
      ['other-method', 'methods', 'warning', { logins: [{ ...LOGIN, method: 'peap (eap-mschapv2)' }] }],
    ]
  for (const [name, item, state, others] of cases) {
    it(`${state === 'ok' ? 'ok' : 'fail'}/${name}`, () => assert.equal(lineOf(item, others)?.state, state))
  }

  it('fail/coa-switched-off', () => {
    const { dynamicAuthorization: _off, ...without } = input
    assert.equal(lineOf('coa', { input: without })?.state, 'warning')
  })

  it('ok/a-stranger-is-named', () => {
    const strangers = [{ address: '192.0.2.9', lastSeenAt: NOW }]
    assert.match(
      lineOf('request', { sources: [], strangers })?.text ?? '',
      /192\.0\.2\.9, which is no client/,
    )
  })
})
