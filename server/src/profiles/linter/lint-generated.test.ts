import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { CLIENT_OUTPUTS } from '../client-outputs.ts'
import { findingsOf } from '../make-files.ts'
import type { ProfileInput } from '../profile-input.ts'
import { isObstacle } from '../profile-output.ts'
import { EXAMPLE_PERSON, exampleVpn, exampleWifi, exampleWired } from '../testing/example-input.ts'
import { lintProfile } from './lint-profile.ts'
import { isLintable } from './profile-facts.ts'
import { readProfile } from './read-profile.ts'

const FOR_SOMEBODY = { certificate: { kind: 'installed' as const }, person: EXAMPLE_PERSON }
const L2TP = { tunnelTypes: ['l2tp'], l2tpMachineAuthentication: 'psk', preSharedKey: 'a key that all share' }

/** Connections, and the traps an administrator chose to step into. */
const CASES: readonly (readonly [name: string, input: ProfileInput, chosen: readonly string[]])[] = [
  ['vpn/eap-tls', exampleVpn({}, FOR_SOMEBODY), []],
  ['vpn/device-tunnel', exampleVpn({ deviceTunnel: { routes: ['10.0.0.0/8'] } }, FOR_SOMEBODY), []],
  ['vpn/split', exampleVpn({ routing: 'split', routes: [{ prefix: '10.0.0.0/8' }] }, FOR_SOMEBODY), []],
  ['vpn/peap-eap-tls', exampleVpn({ authentication: 'peap-eap-tls' }, FOR_SOMEBODY), []],
  [
    'vpn/peap',
    exampleVpn({ authentication: 'peap-mschapv2', tunnelTypes: ['sstp', 'ikev2'] }, FOR_SOMEBODY),
    [],
  ],
  ['vpn/ttls', exampleVpn({ authentication: 'ttls-mschapv2' }, FOR_SOMEBODY), []],
  ['vpn/eap-mschapv2', exampleVpn({ authentication: 'eap-mschapv2' }, FOR_SOMEBODY), ['mschapv2-bare']],
  [
    'vpn/l2tp',
    exampleVpn({ ...L2TP, authentication: 'mschapv2' }, FOR_SOMEBODY),
    ['pre-shared-key', 'secret-inside'],
  ],
  ['vpn/l2tp-eap-tls', exampleVpn({ tunnelTypes: ['l2tp'] }, FOR_SOMEBODY), []],
  ['vpn/pptp', exampleVpn({ tunnelTypes: ['pptp'], authentication: 'mschapv2' }, FOR_SOMEBODY), ['pptp']],
  [
    'vpn/pptp-in-the-clear',
    exampleVpn({ tunnelTypes: ['pptp'], authentication: 'mschapv2', encryption: 'optional' }, FOR_SOMEBODY),
    ['pptp', 'pptp-without-encryption'],
  ],
  [
    'vpn/encryption-optional',
    exampleVpn(
      { tunnelTypes: ['sstp'], authentication: 'peap-mschapv2', encryption: 'optional' },
      FOR_SOMEBODY,
    ),
    ['encryption-not-required'],
  ],
  ['wifi/eap-tls', exampleWifi({}, FOR_SOMEBODY), []],
  ['wifi/peap', exampleWifi({ authentication: 'peap-mschapv2' }, FOR_SOMEBODY), []],
  ['wifi/ttls-pap', exampleWifi({ authentication: 'ttls-pap' }, FOR_SOMEBODY), ['password-inside']],
  ['wired/eap-tls', exampleWired({}, FOR_SOMEBODY), []],
  ['wired/peap-eap-tls', exampleWired({ authentication: 'peap-eap-tls' }, FOR_SOMEBODY), []],
]

describe('profiles made here hold no trap but those that were chosen', () => {
  for (const [name, input, chosen] of CASES) {
    it(`ok/${name}`, () => {
      const { names, anchors } = input.radiusServer
      const thumbprints = anchors.map(({ der }) => createHash('sha1').update(der).digest('hex'))
      const outputs = CLIENT_OUTPUTS.filter((output) => !findingsOf(output, input).some(isObstacle))
      const files = outputs.flatMap((output) => output.make(input)).filter(isLintable)
      assert.ok(files.length > 0)
      const found = new Set<string>()
      for (const { name: file, content } of files) {
        const octets = typeof content === 'string' ? Buffer.from(content) : content
        const { findings } = lintProfile(octets, { names, thumbprints })
        for (const { code, message } of findings) {
          assert.ok(chosen.includes(code), `${file}: ${code}: ${message}`)
          found.add(code)
        }
      }
      assert.deepEqual([...found].sort(), [...chosen].sort())
    })
  }

  it('ok/readers-see-what-is-there', () => {
    const input = exampleVpn({ authentication: 'peap-mschapv2' }, FOR_SOMEBODY)
    for (const output of CLIENT_OUTPUTS.filter((one) => !findingsOf(one, input).some(isObstacle))) {
      for (const { name, content } of output.make(input).filter(isLintable)) {
        const { eap, tunnels } = readProfile(typeof content === 'string' ? Buffer.from(content) : content)
        assert.ok(tunnels.length > 0, name)
        assert.ok(
          tunnels.every(({ type }) => type === 'ikev2'),
          name,
        )
        // In a phone book it is a blob; with NetworkManager the server names the method.
        if (!/\.(pbk|nmconnection)$/.test(name))
          assert.ok(
            eap.some(({ method }) => method === 'peap'),
            name,
          )
      }
    }
  })
})
