import assert from 'node:assert/strict'
import { test } from 'node:test'
import { attribute } from '@sallyport/radius'
import { CallingStationId, UserName } from '@sallyport/radius/attributes'
import { Door } from '../../../test/door.ts'
import { EapClient, eapPeer } from '../../../test/eap-client.ts'

async function begun(door: Door, name: 'peap' | 'eap-mschapv2', flights: number): Promise<EapClient> {
  const about = [attribute(UserName, 'alice@example.org'), attribute(CallingStationId, '02-00-00-00-00-0A')]
  const client = new EapClient(door, eapPeer(name), { about })
  for (let sent = 0; sent < flights; sent++) {
    const flight = await client.next()
    assert.ok(flight)
    await client.send(flight)
  }
  return client
}

test('ok/a login that is not decided yet: since when, how long silent, and what was seen last', async () => {
  const door = await Door.open()
  await door.users.add('alice')
  const client = await begun(door, 'peap', 1)
  door.clock.advance(12_000)
  const [login, ...others] = door.eap.underWay({ user: 'alice' })
  assert.deepEqual(others, [])
  assert.deepEqual(login, {
    client: 'nas',
    user: 'alice@example.org',
    station: '02-00-00-00-00-0A',
    method: 'eap-tls',
    seconds: 12,
    silentSeconds: 12,
    last: 'The last that is known of the device: it was offered eap-tls and neither began nor refused it.',
  })
  await client.run()
  assert.deepEqual(door.eap.underWay({ user: 'alice' }), [], 'decided')
})

test('ok/found by name with and without realm, by client and by station in any spelling; others are not', async () => {
  const door = await Door.open()
  await door.users.add('alice')
  await begun(door, 'peap', 1)
  for (const about of [
    {},
    { user: 'Alice' },
    { user: 'alice@example.org' },
    { client: 'nas' },
    { station: '0200.0000.000a' },
  ])
    assert.equal(door.eap.underWay(about).length, 1, JSON.stringify(about))
  for (const about of [
    { user: 'alic' },
    { user: 'alice@example.com' },
    { client: 'other-nas' },
    { station: '02-00-00-00-00-0b' },
    { user: 'alice', client: 'other-nas' },
  ])
    assert.equal(door.eap.underWay(about).length, 0, JSON.stringify(about))
})

test('ok/who was told why is told of with that, until its receipt says it', async () => {
  const door = await Door.open()
  await door.users.add('alice', { disabled: true })
  await begun(door, 'eap-mschapv2', 3)
  assert.match(door.eap.underWay({})[0]?.last ?? '', /^The device was told: The account "alice" is disabled/)
  door.clock.advance(4000)
  door.eap.expire(door.clock.monotonic())
  assert.deepEqual(door.eap.underWay({}), [])
})
