import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ProfileInput } from '../profile-input.ts'
import { EXAMPLE_PERSON, exampleVpn, exampleWifi } from '../testing/example-input.ts'
import { setupClients } from './setup-plan.ts'
import { ownContainer } from './test/own-container.ts'
import { linuxWpaSupplicant } from './wpa-supplicant.ts'

const person = EXAMPLE_PERSON
const installed = { kind: 'installed' } as const
const textOf = (input: ProfileInput) => String(linuxWpaSupplicant.make(input)[0]?.content)

describe('what the set-up script makes of each client', () => {
  const client = (input: ProfileInput, name: string) =>
    setupClients(input).find((one) => one.name === name) ?? assert.fail(`no ${name}`)

  it('ok/password-of-swanctl-in-a-file-of-its-own', () =>
    assert.deepEqual(client(exampleVpn({ authentication: 'eap-mschapv2' }, { person }), 'swanctl').password, {
      path: '/etc/swanctl/conf.d/Example-VPN-password.conf',
      before: 'secrets {\n  eap-Example-VPN {\n    id = "email:alice@example.org"\n',
      setting: '    secret = 0x',
      after: '  }\n}\n',
    }))

  it('ok/password-of-wpa-supplicant-in-the-first-line-of-its-network', () => {
    const input = exampleWifi({ authentication: 'peap-mschapv2' }, { person })
    const { password, files, own } = client(input, 'wpa_supplicant')
    const { before = '', after = '', ...rest } = password ?? {}
    assert.deepEqual([files, own], [[], undefined])
    assert.deepEqual(rest, { path: '/etc/wpa_supplicant/Example-Wi-Fi.conf', setting: '  password=' })
    assert.match(before, /^ctrl_interface=[^\n]*\nnetwork=\{\n$/)
    assert.equal(before + after, textOf(input))
  })

  it('ok/wpa-supplicant-by-certificate', () => {
    const input = exampleWifi({}, { person, certificate: installed })
    const path = '/etc/wpa_supplicant/Example-Wi-Fi.conf'
    assert.deepEqual(client(input, 'wpa_supplicant'), {
      ...{ name: 'wpa_supplicant', program: 'wpa_supplicant', splitsContainer: false, unload: [] },
      files: [{ path, content: textOf(input) }],
      own: {
        certificate: '/etc/wpa_supplicant/Example-Wi-Fi.pem',
        key: '/etc/wpa_supplicant/Example-Wi-Fi.key',
      },
      load: [`echo "Start it: wpa_supplicant -B -D nl80211 -i INTERFACE -c ${path}"`],
    })
  })

  it('ok/networkmanager-keeps-the-container-of-a-port', () => {
    const input = exampleWifi({}, { person, certificate: ownContainer() })
    const { splitsContainer, files, own } = client(input, 'networkmanager')
    const folder = '/etc/NetworkManager'
    assert.equal(splitsContainer, false)
    assert.deepEqual(
      files.map(({ path }) => path),
      [
        `${folder}/system-connections/Example-Wi-Fi.nmconnection`,
        ...['-radius-ca.pem', '.p12'].map((end) => `${folder}/certificates/Example-Wi-Fi${end}`),
      ],
    )
    assert.deepEqual(own, {
      certificate: `${folder}/certificates/Example-Wi-Fi.pem`,
      key: `${folder}/certificates/Example-Wi-Fi.key`,
    })
  })

  it('ok/clients-by-name', () => {
    const password = exampleVpn({ authentication: 'eap-mschapv2' }, { person, certificate: ownContainer() })
    const shape = setupClients(password).map(({ name, splitsContainer, own }) => [name, splitsContainer, own])
    assert.deepEqual(shape, [
      ['networkmanager', false, undefined],
      ['swanctl', false, undefined],
    ])
  })
})
