import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { type Attribute, attribute, inspect, Secret } from '@sallyport/radius'
import { CallingStationId, EapMessage, ServiceType, State, UserName } from '@sallyport/radius/attributes'
import { SECRET } from '../../../test/door.ts'
import { proof, request } from '../../../test/requests.ts'
import { macAuthenticationSchema } from '../../config/sections/mac-authentication.ts'
import { recogniseMac } from './recognise-mac.ts'

const MAC = '0a1b2c3d4e5f'
const CALLING = attribute(CallingStationId, MAC)
const SECRET_OF_NAS = new Secret(SECRET)

function recognise(settings: object, ...attributes: readonly Attribute[]) {
  const inspected = inspect(request(attributes))
  assert.ok(inspected.ok)
  return recogniseMac(inspected.packet, SECRET_OF_NAS, macAuthenticationSchema.parse(settings))
}

suite('which requests are MAC authentication', () => {
  const byName = { recognise: 'user-name-is-mac' }
  const byCheck = { recognise: 'call-check' }
  const dashed = attribute(UserName, '0A-1B-2C-3D-4E-5F')

  test('ok/only the formats that are allowed', () => {
    const login = [dashed, CALLING, ...proof('pap', '0A-1B-2C-3D-4E-5F')]
    assert.equal(recognise(byName, ...login)?.mac, MAC)
    assert.equal(recognise({ ...byName, formats: ['hyphen'] }, ...login)?.mac, MAC)
    assert.equal(recognise({ ...byName, formats: ['plain', 'dot'] }, ...login), undefined)
  })

  test('ok/a missing Calling-Station-Id where it may be missing; a wrong one never', () => {
    const settings = { ...byName, callingStationId: 'if-present' }
    const login = [dashed, ...proof('pap', MAC)]
    assert.deepEqual(recognise(settings, ...login), { mac: MAC, userName: '0A-1B-2C-3D-4E-5F' })
    const other = attribute(CallingStationId, '0a1b2c3d4e60')
    assert.equal(recognise(settings, ...login, other)?.contradictedBy, '0a1b2c3d4e60')
    assert.equal(recognise(byName, ...login)?.contradictedBy, '')
  })

  test('fail/EAP by name alone, without Calling-Station-Id: a person may have typed it', () => {
    const eap = attribute(EapMessage, Uint8Array.of(2, 1, 0, 5, 1))
    const loose = { callingStationId: 'if-present' }
    const identity = attribute(UserName, MAC)
    assert.equal(recognise({ ...byName, ...loose }, identity, eap)?.contradictedBy, '')
    const check = attribute(ServiceType, 10)
    assert.deepEqual(recognise({ ...byCheck, ...loose }, identity, eap, check), { mac: MAC, userName: MAC })
  })

  test('fail/a State that belongs to some other conversation', () => {
    const login = [attribute(UserName, MAC), CALLING, ...proof('pap', MAC)]
    assert.ok(recognise(byName, ...login))
    assert.equal(recognise(byName, ...login, attribute(State, Uint8Array.of(1))), undefined)
  })

  test('fail/an empty password, unless the client is said to send one', () => {
    for (const blank of [proof('pap', ''), proof('chap', ''), []]) {
      assert.equal(recognise(byName, dashed, CALLING, ...blank), undefined)
      assert.equal(recognise({ ...byName, blankPassword: true }, dashed, CALLING, ...blank)?.mac, MAC)
    }
    assert.equal(
      recognise({ ...byName, blankPassword: true }, dashed, CALLING, ...proof('pap', 'x')),
      undefined,
    )
  })

  test('fail/no password, two proofs, another Service-Type, a name that is none, a group address', () => {
    const plain = attribute(UserName, MAC)
    assert.equal(recognise(byName, dashed, CALLING), undefined)
    assert.ok(recognise(byName, plain, CALLING, ...proof('chap', MAC)))
    const twice = [...proof('pap', MAC), ...proof('mschapv2', MAC, MAC)]
    assert.equal(recognise(byName, plain, CALLING, ...twice), undefined)
    assert.equal(recognise(byName, plain, CALLING, ...proof('pap', MAC), ...proof('chap', MAC)), undefined)
    assert.equal(recognise(byCheck, dashed, CALLING, ...proof('pap', MAC)), undefined)
    assert.equal(recognise(byCheck, dashed, CALLING, attribute(ServiceType, 2)), undefined)
    const check = attribute(ServiceType, 10)
    for (const text of ['alice', 'ffffffffffff', '010000000001', `${MAC}@example.org`])
      assert.equal(recognise(byCheck, attribute(UserName, text), check, CALLING), undefined, text)
  })
})
