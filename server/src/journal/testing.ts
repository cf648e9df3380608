import { ALICE } from '../policy/testing.ts'
import { reason } from '../reasons/index.ts'
import type { Receipt } from './receipt.ts'

/** The receipt of an ordinary accepted login, for tests. */
export const RECEIPT: Receipt = {
  id: '01kf7mb0000000000000000000',
  at: Date.parse('2026-01-05T10:00:00Z'),
  configVersion: 7,
  outcome: 'accept',
  reason: reason('accepted', { rule: 'vpn' }),
  network: { client: 'vpn-1', address: '192.0.2.10', port: 40_000, packetId: 12 },
  user: 'alice',
  method: 'peap',
  inner: 'eap-mschapv2',
  facts: ALICE,
  decided: true,
  origins: { user: { source: 'local', ageMilliseconds: 3 }, request: { source: 'request' } },
  rule: 'vpn',
  profiles: ['vpn'],
  shadow: [],
  reply: [{ name: 'Filter-Id', value: 'staff' }],
  eap: { method: 'peap', inner: 'eap-mschapv2', rounds: 9, tlsVersion: 'TLSv1.3', resumed: false },
  timings: { verify: 12, authenticate: 900, decide: 2 },
}

/** A receipt that differs in some ways; ids count up with `number`. */
export function receipt(number: number, changes: Partial<Receipt> = {}): Receipt {
  const id = `01kf7mb000${String(number).padStart(16, '0')}`
  return { ...RECEIPT, id, at: RECEIPT.at + number * 1000, ...changes }
}
