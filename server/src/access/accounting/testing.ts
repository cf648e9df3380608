import type { AccountingRecord } from './accounting-record.ts'

let lastKey = 0

/** A Start of alice at the gateway; whatever is not named stays. */
export function accountingRecord(over: Partial<AccountingRecord> = {}): AccountingRecord {
  const eventAt = over.eventAt ?? 1_000_000
  return {
    eventKey: `event-${++lastKey}`,
    eventSeconds: Math.floor(eventAt / 1000),
    isTimed: true,
    delaySeconds: 0,
    sessionKey: 'feed',
    nasKey: 'gateway vpn',
    client: 'gateway',
    nas: 'vpn.example.org',
    statusType: 'Start',
    acctSessionId: '0001',
    acctMultiSessionId: null,
    class: 'sallyport:01',
    decisionId: '01',
    userName: 'alice',
    framedIpAddress: '10.0.0.7',
    framedIpv6Prefix: null,
    framedIpv6Address: null,
    delegatedIpv6Prefix: null,
    callingStationId: '192.0.2.99',
    calledStationId: null,
    nasAddress: '192.0.2.1',
    nasIdentifier: null,
    nasPort: 1,
    nasPortId: null,
    nasPortType: 'Virtual',
    inputOctets: null,
    outputOctets: null,
    gigawords: 0,
    inputPackets: null,
    outputPackets: null,
    sessionSeconds: null,
    interimSeconds: null,
    terminateCause: null,
    eventAt,
    receivedAt: eventAt + 100,
    attributes: '{"User-Name":["alice"]}',
    ...over,
  }
}
