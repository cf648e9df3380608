import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { attribute } from '@sallyport/radius'
import { CallingStationId, UserName } from '@sallyport/radius/attributes'
import { Door } from '../../test/door.ts'
import { EAP_LOGINS, EapClient, eapPeer } from '../../test/eap-client.ts'
import { login, PROOFS } from '../../test/requests.ts'
import { AuthenticationOrder } from '../identity/authentication-order.ts'
import { normaliseStation } from './asking-device.ts'

const STATION = '020000000001'

/** A door whose authentication order tells which devices it was asked for. */
async function watchedDoor() {
  const authenticate = mock.method(AuthenticationOrder.prototype, 'authenticate')
  const door = await Door.open()
  await door.users.add('alice')
  const devices = () => authenticate.mock.calls.map((call) => call.arguments[2])
  return { door, devices, restore: () => authenticate.mock.restore() }
}

test('ok/identity sources are told the device: every proof of one request', async () => {
  const { door, devices, restore } = await watchedDoor()
  try {
    for (const [id, method] of PROOFS.entries()) await door.send(login(method, { id }))
    assert.deepEqual(
      devices(),
      PROOFS.map(() => ({ client: 'nas', station: STATION })),
    )
  } finally {
    restore()
  }
})

test('ok/identity sources are told the device: every EAP method, inside tunnels too', async () => {
  const { door, devices, restore } = await watchedDoor()
  const about = [
    attribute(UserName, 'alice@example.org'),
    attribute(CallingStationId, '02-00-00-00-00-01:corp'),
  ]
  try {
    for (const [at, name] of EAP_LOGINS.entries()) {
      const before = devices().length
      await new EapClient(door, eapPeer(name), { number: 100 * at, about }).run()
      assert.deepEqual(devices().slice(before), [{ client: 'nas', station: STATION }], name)
    }
  } finally {
    restore()
    door.close()
  }
})

test('ok/without a Calling-Station-Id there is only the RADIUS client', async () => {
  const { door, devices, restore } = await watchedDoor()
  try {
    await new EapClient(door, eapPeer('eap-md5')).run()
    assert.deepEqual(devices(), [{ client: 'nas' }])
  } finally {
    restore()
    door.close()
  }
})

test('ok/one device has one name, however equipment writes it', () => {
  for (const written of [
    '02-00-00-00-00-01',
    '0200.0000.0001',
    '02:00:00:00:00:01:Corp WiFi',
    '020000000001',
  ])
    assert.equal(normaliseStation(written), STATION)
  assert.equal(normaliseStation('198.51.100.7[4500]'), '198.51.100.7')
  assert.equal(normaliseStation('198.51.100.7'), '198.51.100.7')
  assert.equal(normaliseStation('2001:DB8::7[4500]'), '2001:db8::7')
  assert.equal(normaliseStation(' Phone '), 'phone')
})

test('fail/a name a stranger chose is bounded', () => {
  assert.equal(normaliseStation('x'.repeat(253)).length, 64)
})
