import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Certificate } from '@sallyport/pki'
import type { ProfileInput } from '../profile-input.ts'
import { EXAMPLE_PERSON, exampleVpn, exampleWifi, exampleWired } from '../testing/example-input.ts'
import { assertGolden, type Field } from '../testing/golden.ts'
import { GUIDE_OUTPUTS } from './guides.ts'
import { pageText } from './test/pages.ts'
import { readPages, withoutPython } from './test/read-pages.ts'

const person = { person: EXAMPLE_PERSON }
const DNS = { dns: { servers: ['10.0.0.53'], suffixes: ['corp.example.org'] } }
const DNS_BY_GATEWAY = { dns: { suffixes: ['corp.example.org'] } }
const SPLIT = { routing: 'split', routes: [{ prefix: '10.0.0.0/8' }] }

const PSK = { authentication: 'mschapv2', l2tpMachineAuthentication: 'psk', preSharedKey: 'example-key' }
const PPP = { ...PSK, tunnelTypes: ['l2tp', 'pptp'] }
const PKCS12 = {
  kind: 'pkcs12',
  form: 'modern',
  container: Uint8Array.of(0x30, 0),
  password: 'file-password',
  certificate: exampleVpn().radiusServer.anchors[0] as Certificate, // any will do: only its container is handed out
} as const

/** Golden file -> input; the name is that of the output, what it shows and the kind. Every guide has one. */
const CASES: Readonly<Record<string, ProfileInput>> = {
  'windows-11-vpn': exampleVpn({ authentication: 'peap-mschapv2', ...SPLIT, ...DNS }, person),
  'windows-11-wifi': exampleWifi({ hidden: true, security: 'wpa3', identity: 'both' }, person),
  'windows-10-vpn': exampleVpn({ tunnelTypes: ['sstp'] }, person),
  'windows-10-wired': exampleWired({ authentication: 'peap-mschapv2' }, person),
  'windows-10-classic-vpn': exampleVpn(
    { ...PSK, tunnelTypes: ['l2tp'], allUsers: true, encryption: 'maximum' },
    person,
  ),
  'windows-8-vpn': exampleVpn({ authentication: 'eap-mschapv2' }, person),
  'windows-7-vpn': exampleVpn({ authentication: 'peap-eap-tls' }, person),
  'windows-xp-vpn': exampleVpn(PPP, person),
  'windows-sign-in-vpn': exampleVpn({ allUsers: true }, person),
  'macos-vpn': exampleVpn(
    { authentication: 'eap-mschapv2', rememberCredentials: false, ...DNS_BY_GATEWAY },
    person,
  ),
  'macos-wired': exampleWired({}, person),
  'ios-vpn': exampleVpn({ ...PPP, ...SPLIT }, person),
  'ios-wifi': exampleWifi({}, person),
  'android-l2tp-vpn': exampleVpn({ ...PPP, ...DNS }, person),
  'android-ikev2-vpn': exampleVpn({ authentication: 'eap-mschapv2' }, person),
  'android-strongswan-vpn': exampleVpn(DNS, person),
  'android-sstp-vpn': exampleVpn({ ...PSK, tunnelTypes: ['sstp'] }, person),
  'android-wifi-wifi': exampleWifi(
    { authentication: 'peap-mschapv2', randomMac: false },
    {
      ...person,
      radiusServer: { ...exampleVpn().radiusServer, names: ['radius.example.org', 'radius2.example.org'] },
    },
  ),
  'ubuntu-ikev2-vpn': exampleVpn({ ...SPLIT, ...DNS }, person),
  'ubuntu-ppp-vpn': exampleVpn(PPP, person),
  'ubuntu-wifi': exampleWifi({ authentication: 'ttls-pap' }, person),
  'ubuntu-wired': exampleWired({}, { ...person, certificate: PKCS12 }),
  'astra-vpn': exampleVpn({ ...PPP, ...DNS, encryption: 'optional' }, person),
  'dns-vpn': exampleVpn(
    {
      dns: {
        ...DNS.dns,
        rules: [{ suffix: '.lab.example.org', servers: ['10.0.1.53'] }, { suffix: 'www.example.org' }],
      },
    },
    person,
  ),
}

/** The guide whose id the name begins with; of several, the longest. */
function outputOf(name: string) {
  const ids = GUIDE_OUTPUTS.filter(({ id }) => `guide-${name}`.startsWith(`${id}-`))
  return ids.sort((a, b) => b.id.length - a.id.length)[0]
}

describe('values of guides', { skip: withoutPython }, () => {
  for (const [name, input] of Object.entries(CASES)) {
    it(`ok/${name}`, () => {
      const output = outputOf(name)
      assert.ok(output, name)
      const [page] = readPages([pageText(output, input)])
      const fields = page?.fields.map(
        ([section, label, value]): Field => [`${String(section)} / ${String(label)}`, String(value)],
      )
      assertGolden(fields ?? [], new URL(`./test/${name}.golden`, import.meta.url))
    })
  }

  it('ok/every-guide', () => {
    const covered = new Set(Object.keys(CASES).map((name) => outputOf(name)?.id))
    assert.deepEqual(
      GUIDE_OUTPUTS.map(({ id }) => id).filter((id) => !covered.has(id)),
      [],
    )
  })
})
