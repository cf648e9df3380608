import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { findingsOf } from '../make-files.ts'
import type { ProfileInput } from '../profile-input.ts'
import { exampleVpn, exampleWifi, exampleWired } from '../testing/example-input.ts'
import { GUIDE_OUTPUTS } from './guides.ts'

/** What a guide says of a connection: severity and code. */
function found(id: string, input: ProfileInput): readonly string[] {
  const output = GUIDE_OUTPUTS.find((one) => one.id === `guide-${id}`)
  assert.ok(output, id)
  return findingsOf(output, input).map(({ severity, code }) => `${severity} ${code}`)
}

const L2TP = { tunnelTypes: ['l2tp'], authentication: 'mschapv2' }
const PSK = { ...L2TP, l2tpMachineAuthentication: 'psk', preSharedKey: 'example-key' }

describe('findings of guides', () => {
  it('ok/nothing-to-say', () => {
    assert.deepEqual(found('windows-11', exampleVpn()), [])
    assert.deepEqual(found('android-strongswan', exampleVpn()), [])
    assert.deepEqual(found('ubuntu', exampleWired()), [])
  })

  it('ok/tunnel-left-out', () => {
    const two = exampleVpn({ tunnelTypes: ['ikev2', 'pptp'] })
    assert.deepEqual(found('android-strongswan', two), ['warning tunnel-not-on-system'])
    assert.deepEqual(found('macos', two), ['warning tunnel-not-on-system', 'warning suite-by-profile-alone'])
  })

  it('fail/no-tunnel', () => {
    const pptp = exampleVpn({ tunnelTypes: ['pptp'], authentication: 'mschapv2' })
    for (const id of [
      'macos',
      'ios',
      'android-l2tp',
      'android-ikev2',
      'android-strongswan',
      'android-sstp',
    ]) {
      assert.deepEqual(found(id, pptp)[0], 'obstacle tunnel-not-on-system', id)
    }
  })

  it('fail/method', () => {
    const ttls = exampleVpn({ authentication: 'ttls-pap' })
    assert.deepEqual(found('windows-11', ttls), [])
    assert.equal(found('windows-7', ttls)[0], 'obstacle method-not-on-system')
    const peap = exampleVpn({ authentication: 'peap-mschapv2' })
    for (const id of ['macos', 'ios', 'android-ikev2', 'android-strongswan', 'ubuntu']) {
      assert.deepEqual(found(id, peap)[0], 'obstacle method-not-on-system', id)
    }
    assert.deepEqual(
      found('windows-xp', exampleVpn({ tunnelTypes: ['l2tp'] }))[0],
      'obstacle method-not-on-system',
    )
    assert.deepEqual(found('windows-11', exampleWifi({ authentication: 'eap-mschapv2' })), [
      'obstacle method-not-on-system',
    ])
  })

  it('fail/certificate-below-l2tp', () => {
    for (const id of ['ios', 'android-l2tp', 'ubuntu', 'astra', 'windows-xp']) {
      assert.equal(found(id, exampleVpn(L2TP))[0], 'obstacle l2tp-machine-not-on-system', id)
      assert.ok(!found(id, exampleVpn(PSK))[0]?.startsWith('obstacle'), id)
    }
  })

  it('fail/sign-in-screen-shows-all-users-alone', () => {
    assert.deepEqual(found('windows-sign-in', exampleVpn()), ['obstacle not-for-all-users'])
    assert.deepEqual(found('windows-sign-in', exampleVpn({ allUsers: true })), [])
    assert.deepEqual(found('windows-11', exampleVpn({ allUsers: true })), ['warning not-for-all-users'])
  })

  it('fail/wpa3', () => {
    const wpa3 = exampleWifi({ security: 'wpa3' })
    assert.deepEqual(found('windows-11', wpa3), [])
    assert.equal(found('windows-8', wpa3)[0], 'obstacle wpa3-not-on-system')
  })

  it('ok/old-systems', () => {
    assert.deepEqual(found('windows-7', exampleVpn()), [
      'warning tls-1-2-by-update',
      'warning suite-not-on-windows-7',
    ])
    assert.deepEqual(found('windows-xp', exampleVpn(PSK)), ['warning windows-xp-weak'])
  })

  it('fail/dns-without-a-name', () => {
    assert.deepEqual(found('dns', exampleVpn()), ['obstacle no-inside-name'])
    assert.deepEqual(found('dns', exampleVpn({ dns: { suffixes: ['corp.example.org'] } })), [])
  })

  it('ok/servers-not-pinned-by-hand', () =>
    assert.deepEqual(found('ios', exampleWifi()), ['warning server-not-pinned']))
})
