import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { skipReason } from '@sallyport/lab/debian'
import { AUTHENTICATION_METHODS } from '../../../config/sections/connections/common.ts'
import type { ProfileInput } from '../../profile-input.ts'
import { EXAMPLE_PERSON, exampleVpn, exampleWifi, exampleWired } from '../../testing/example-input.ts'
import { assertGolden, type Field, readGolden } from '../../testing/golden.ts'
import { type XmlNode, xmlDocument } from '../../xml-text.ts'
import { lanProfile, wlanProfile } from '../dot1x-xml.ts'
import { eapSettings } from '../eap-settings.ts'
import { eapHostConfig } from '../eap-xml.ts'
import { phoneBook } from '../phone-book.ts'
import { deviceProfileXml, userProfileXml } from '../profile-xml.ts'
import { syncMl } from '../sync-ml.ts'
import { FULL_TUNNEL, OWN_CERTIFICATE, SPLIT_TUNNEL } from './golden-inputs.ts'
import { xmlFields } from './xml-fields.ts'

const golden = (name: string): URL => new URL(`golden/${name}.golden`, import.meta.url)
const person: Partial<ProfileInput> = { person: EXAMPLE_PERSON, certificate: OWN_CERTIFICATE }

function fieldsOf(root: XmlNode | undefined): readonly Field[] {
  assert.ok(root !== undefined)
  return xmlFields([xmlDocument(root)])[0] ?? []
}

/** Around EapHostConfig, which is held to the golden file of its method. */
function around(fields: readonly Field[], method: string): readonly Field[] {
  const start = 'host:EapHostConfig'
  const inner = fields.flatMap(([path, value]): Field[] => {
    const at = path.indexOf(start)
    return at > 0 ? [[path.slice(at), value]] : []
  })
  assertGolden(inner, golden(method))
  return fields.filter(([path]) => !path.includes(start))
}

describe('golden files of Windows', { skip: skipReason('python3-lxml') }, () => {
  for (const authentication of AUTHENTICATION_METHODS.filter((method) => method !== 'mschapv2')) {
    it(`ok/${authentication}`, () => {
      const settings = eapSettings(exampleVpn({ authentication }, person))
      assert.ok(settings !== undefined)
      assertGolden(fieldsOf(eapHostConfig(settings)), golden(authentication))
    })
  }

  it('ok/profile-of-a-person', () => {
    const fields = fieldsOf(userProfileXml(exampleVpn(SPLIT_TUNNEL, person)))
    assertGolden(around(fields, 'eap-tls'), golden('profile-user'))
  })

  it('ok/profile-of-a-device', () => {
    const input = exampleVpn({
      dns: { suffixes: ['example.org'], register: true },
      trustedNetworks: ['example.org'],
      cryptography: {
        ike: { dhGroup: 'modp2048' },
        esp: { encryption: 'aes256', pfsGroup: 'modp2048' },
      },
      deviceTunnel: {
        routes: ['10.0.0.10/32'],
        trafficFilters: [{ remotePorts: '88,389,445', remotePrefixes: ['10.0.0.10/32'] }, { protocol: 17 }],
      },
    })
    assertGolden(fieldsOf(deviceProfileXml(input)), golden('profile-device'))
  })

  it('ok/profile-by-l2tp', () =>
    assertGolden(fieldsOf(userProfileXml(exampleVpn(FULL_TUNNEL))), golden('profile-l2tp')))

  it('ok/syncml', () => {
    const profile = userProfileXml(exampleVpn())
    const fields = fieldsOf(syncMl('User', 'Example VPN', profile))
    assertGolden(
      fields.filter(([path]) => !path.endsWith('/Data')),
      golden('syncml'),
    )
    const data = fields.find(([path]) => path.endsWith('/Item/Data'))?.[1] ?? ''
    assert.deepEqual(xmlFields([data])[0], fieldsOf(profile))
  })

  it('ok/wifi', () => {
    const input = exampleWifi(
      { security: 'wpa3-192', identity: 'both', singleSignOn: true, hidden: true, randomMac: false },
      person,
    )
    assertGolden(around(fieldsOf(wlanProfile(input)), 'eap-tls'), golden('wlan'))
  })

  it('ok/wired', () => {
    const input = exampleWired({ authentication: 'peap-mschapv2' })
    assertGolden(around(fieldsOf(lanProfile(input)), 'peap-mschapv2'), golden('lan'))
  })

  it('ok/phone-book', () => {
    const { connection } = exampleVpn({
      tunnelTypes: ['sstp'],
      authentication: 'mschapv2',
      idleDisconnectMinutes: 30,
      dns: { suffixes: ['example.org'], register: true },
    })
    const fields = phoneBook(connection)
      .split('\r\n')
      .filter((line) => line !== '')
      .map((line): Field => {
        const section = /^\[(.*)\]$/.exec(line)
        if (section !== null) return ['section', section[1] ?? '']
        const [key = '', ...value] = line.split('=')
        return [key, value.join('=')]
      })
    assertGolden(fields, golden('rasphone'))
  })

  it('fail/each-field-taken-away', () => {
    for (const name of ['profile-user', 'profile-device', 'wlan', 'lan', 'eap-tls', 'rasphone']) {
      const rows = readGolden(golden(name)).map(({ path, value }): Field => [path, value])
      assertGolden(rows, golden(name))
      for (const index of rows.keys())
        assert.throws(() => assertGolden(rows.toSpliced(index, 1), golden(name)))
    }
  })
})
