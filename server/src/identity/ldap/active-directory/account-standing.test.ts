import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ACCOUNT_CONTROL, type AccountEntry } from './account-entry.ts'
import { accountStanding } from './account-standing.ts'
import type { PasswordSettings } from './password-settings.ts'

const NOW = Date.parse('2026-01-05T09:00:00Z')
const DAY = 86_400_000
const PASSWORDS: PasswordSettings = { lockoutMilliseconds: 60_000, maximumAgeMilliseconds: 42 * DAY }

function standing(
  more: Partial<AccountEntry>,
  passwords = PASSWORDS,
  dialIn: 'ignore' | 'honour' = 'honour',
) {
  const account: AccountEntry = {
    ...{
      dn: 'CN=a',
      guid: 'g',
      sid: new Uint8Array(),
      sidText: 'S-1-5-18',
      accountName: 'a',
      control: 0x200,
    },
    ...{ memberOf: [], altSecurityIdentities: [], passwordSetAt: NOW - DAY },
    ...more,
  }
  const { barred, passwordBarred, goodUntil } = accountStanding(account, NOW, { dialIn, passwords })
  return [barred?.kind, passwordBarred?.kind, goodUntil]
}

test('ok/nothing stands against it', () => {
  assert.deepEqual(standing({}), [undefined, undefined, undefined])
  assert.deepEqual(standing({ mayDialIn: true, lockedAt: NOW - 60_000 }), [undefined, undefined, undefined])
  assert.deepEqual(standing({ mayDialIn: false }, PASSWORDS, 'ignore'), [undefined, undefined, undefined])
})

test('fail/what bars passwords and certificates alike', () => {
  const { accountDisabled } = ACCOUNT_CONTROL
  assert.deepEqual(standing({ control: accountDisabled })[0], 'disabled')
  assert.deepEqual(standing({ expiresAt: NOW })[0], 'account-expired')
  assert.deepEqual(standing({ logonHours: new Uint8Array(21) })[0], 'outside-logon-hours')
  assert.deepEqual(standing({ mayDialIn: false })[0], 'dial-in-denied')
})

test('fail/what bars passwords alone', () => {
  assert.deepEqual(standing({ lockedAt: NOW - 1000 })[1], 'locked')
  assert.deepEqual(standing({ lockedAt: NOW - 10 * DAY }, {})[1], 'locked', 'until somebody unlocks it')
  assert.deepEqual(standing({ computedControl: ACCOUNT_CONTROL.lockout })[1], 'locked')
  assert.deepEqual(standing({ passwordSetAt: 0 })[1], 'must-change-password')
  assert.deepEqual(standing({ passwordSetAt: NOW - 42 * DAY })[1], 'password-expired')
  assert.deepEqual(standing({ passwordExpiresAt: NOW })[1], 'password-expired')
  assert.deepEqual(standing({ computedControl: ACCOUNT_CONTROL.passwordExpired })[1], 'password-expired')
  assert.deepEqual(standing({ control: ACCOUNT_CONTROL.smartCardRequired })[1], 'smart-card-required')
})

test('ok/the server knows best, and ageless passwords do not age', () => {
  assert.deepEqual(standing({ computedControl: 0, lockedAt: NOW - 1000 })[1], undefined)
  assert.deepEqual(standing({ computedControl: 0, passwordSetAt: NOW - 42 * DAY })[1], undefined)
  for (const control of [ACCOUNT_CONTROL.passwordNeverExpires, ACCOUNT_CONTROL.workstationTrust])
    for (const passwordSetAt of [0, NOW - 42 * DAY])
      assert.deepEqual(standing({ control, passwordSetAt })[1], undefined)
})

test('ok/until when it holds', () => {
  assert.deepEqual(standing({ expiresAt: NOW + 5, passwordExpiresAt: NOW + 9 }), [
    undefined,
    undefined,
    NOW + 5,
  ])
  assert.deepEqual(standing({ lockedAt: NOW - 1000 }), [undefined, 'locked', NOW + 59_000])
})
