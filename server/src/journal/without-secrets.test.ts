import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Facts } from '../policy/index.ts'
import type { Receipt } from './receipt.ts'
import { receiptRow } from './receipt-row.ts'
import { RECEIPT } from './testing.ts'
import { jsonWithoutSecrets, withoutSecrets } from './without-secrets.ts'

const PLANTED = 'planted-5ecret'

test('whatever secret is planted in a receipt, none is stored', () => {
  const octets = new TextEncoder().encode(PLANTED)
  const secretAttributes = [
    'User-Password',
    'CHAP-Password',
    'CHAP-Challenge',
    'MS-CHAP-Challenge',
    'MS-CHAP-Response',
    'MS-CHAP2-Response',
    'MS-CHAP2-Success',
    'MS-CHAP-NT-Enc-PW',
    'MS-CHAP2-CPW',
    'MS-CHAP-MPPE-Keys',
    'MS-MPPE-Send-Key',
    'MS-MPPE-Recv-Key',
    'Tunnel-Password',
    'EAP-Message',
    'Message-Authenticator',
    'State',
    'ARAP-Password',
  ]
  const attributes = Object.fromEntries(secretAttributes.map((name) => [name, [PLANTED]]))
  const planted = {
    ...RECEIPT,
    facts: { ...(RECEIPT.facts as Facts), request: { attributes: { ...attributes, 'NAS-Port': ['7'] } } },
    reply: [
      ...secretAttributes.map((name) => ({ name, value: PLANTED })),
      { name: 'Filter-Id', value: 'staff' },
    ],
    eap: { ...RECEIPT.eap, rounds: 1, msk: octets, emsk: PLANTED, peerChallenge: PLANTED },
    client: { secret: PLANTED, sharedSecret: PLANTED },
    ntHash: octets,
    buffer: octets.buffer,
    privateKey: PLANTED,
    password: PLANTED,
  } as unknown as Receipt
  const row = JSON.stringify(receiptRow(planted))
  assert.doesNotMatch(row, new RegExp(PLANTED))
  assert.doesNotMatch(row, /:112,|706c616e746564/)
  // Everything else is still there.
  assert.match(row, /NAS-Port/)
  assert.match(row, /staff/)
})

test('nothing of an ordinary receipt is taken for a secret', () => {
  assert.deepEqual(JSON.parse(receiptRow(RECEIPT).body), JSON.parse(JSON.stringify(RECEIPT)))
})

test('the short way to JSON leaves out what the long way leaves out', () => {
  const name = fc.oneof(fc.constantFrom(...NAMES), fc.string({ maxLength: 12 }))
  const value = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.uint8Array({ minLength: 1, maxLength: 3 }),
    fc.record({ name, value: fc.string() }),
  )
  const tree = fc.dictionary(
    name,
    fc.oneof(value, fc.array(value, { maxLength: 3 }), fc.dictionary(name, value)),
  )
  fc.assert(
    fc.property(tree, (any) => jsonWithoutSecrets(any) === JSON.stringify(any, withoutSecrets)),
    { numRuns: 2000 },
  )
})

const NAMES = [
  ...[
    'password',
    'oldPasswd',
    'passphrase',
    'sharedSecret',
    'peerChallenge',
    'MS-MPPE-Send-Key',
    'privateKey',
  ],
  ...[
    'CHAP-Response',
    'MS-CHAP-LM-Enc-PW',
    'MS-CHAP2-CPW',
    'ARAP-Features',
    'cookie',
    'psk',
    'PMK',
    'msk',
    'emsk',
  ],
  ...[
    'pin',
    'otp',
    'key',
    'State',
    'EAP-Message',
    'Message-Authenticator',
    'arap',
    'private_key',
    'user',
    'NAS-Port',
  ],
]
