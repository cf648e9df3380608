import { accountingRecord } from '../../accounting/testing.ts'

/** A session as a switch reports it. */
export const START = accountingRecord({
  sessionKey: 'aa00',
  client: 'switch',
  nas: 'sw-1',
  class: null,
  decisionId: '01RECEIPT',
  callingStationId: '02-00-00-00-00-01',
  nasAddress: '127.0.0.1',
  nasIdentifier: 'sw-1',
  nasPort: 7,
  nasPortType: null,
  inputOctets: 0,
  outputOctets: 0,
  inputPackets: 0,
  outputPackets: 0,
  sessionSeconds: 0,
  attributes: JSON.stringify({
    'NAS-Identifier': ['sw-1'],
    'NAS-IP-Address': ['127.0.0.1'],
    'Cisco-AVPair': ['audit-session-id=0A0B', 'dc-profile-name=Laptop'],
  }),
})
