import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { GatewayKind } from '../../config/schema.ts'
import type { GatewayInput } from '../gateway-input.ts'
import { GATEWAY_OUTPUTS } from '../gateway-outputs.ts'
import type { Finding } from '../profile-output.ts'
import { exampleVpn } from '../testing/example-input.ts'
import { assertGolden, type Field } from '../testing/golden.ts'
import { secretFindings } from './shared-secret.ts'
import { ALL_KINDS, inputOf, withWired } from './test/kind-inputs.ts'

const found = (input: GatewayInput): readonly Finding[] => GATEWAY_OUTPUTS[input.gateway.kind].findings(input)
const codesOf = (input: GatewayInput): readonly string[] => found(input).map(({ code }) => code)
const vpn = (written: object): Partial<GatewayInput> => ({ connections: [exampleVpn({ ...written })] })
const split = (...routes: readonly string[]) =>
  vpn({ routing: 'split', routes: routes.map((prefix) => ({ prefix })) })
const withoutCoa = (input: GatewayInput): GatewayInput => {
  const { dynamicAuthorization: _, ...without } = input
  return without
}
const aNetwork = (input: GatewayInput): GatewayInput => ({
  ...input,
  client: { ...input.client, address: '10.20.0.0/24' },
})
const FOUR = { radiusServers: ['10.20.0.5', '10.20.0.6', '10.20.0.7', '10.20.0.8'] }
const NOTHING = { outside: {}, inside: {}, addressPool: undefined }

/** Gateways something is said about. Where it says the same elsewhere, what is said in every case is left out there. */
const CASES: readonly (readonly [name: string, input: GatewayInput, leftOut?: RegExp])[] = [
  ['sstp alone', inputOf('strongswan', {}, vpn({ tunnelTypes: ['sstp'] }))],
  ['ikev2 and sstp', inputOf('strongswan', {}, vpn({ tunnelTypes: ['ikev2', 'sstp', 'l2tp'] }))],
  ['no routes', inputOf('strongswan', {}, vpn({ routing: 'split' }))],
  ['no pool', inputOf('strongswan', { addressPool: undefined })],
  [
    'roles',
    inputOf('strongswan', {
      addressPool: undefined,
      roles: [{ name: 'staff' }, { name: 'guests' }, { name: 'it', addressPool: '10.31.0.0/16' }],
    }),
  ],
  ['device tunnel', inputOf('strongswan', {}, vpn({ deviceTunnel: { routes: ['10.0.0.0/8'] } }))],
  ['no interface', inputOf('hostapd', { outside: {}, radiusServers: ['10.20.0.5'] })],
  ['long name', withoutCoa(inputOf('hostapd', { outside: { interface: 'sixteen-letters1' } }))],
  ['spaced name', withoutCoa(inputOf('hostapd', { outside: { interface: 'eth 1' } }))],
  ['client is a network', aNetwork(withoutCoa(inputOf('hostapd', { inside: {} })))],
  ['two connections', withoutCoa(inputOf('hostapd', { connections: ['a', 'b'] }))],
  ['wired with VLANs', withoutCoa(inputOf('hostapd', { vlans: [42] }, withWired()))],
  ['two servers', inputOf('hostapd')],
  ['no pool', inputOf('rras', { addressPool: undefined })],
  ['IPv6', inputOf('rras', { addressPool: '2001:db8::/64' }, split('2001:db8::/32')), /^(no-coa|not-tried)$/],
  ['as it is', inputOf('nps-proxy')],
  ['EAP in SSTP', inputOf('mikrotik', {}, vpn({ tunnelTypes: ['ikev2', 'sstp'] }))],
  ['no pool', inputOf('mikrotik', { addressPool: undefined }), /^not-tried$/],
  ['no port', inputOf('mikrotik', NOTHING, withWired()), /^not-tried$/],
  ['EAP in L2TP', inputOf('draytek', {}, vpn({ tunnelTypes: ['ikev2', 'l2tp'] })), /^not-tried$/],
  ['as it is', inputOf('opnsense'), /^not-tried$/],
  ['as it is', inputOf('pfsense'), /^not-tried$/],
  ['four servers', inputOf('fortigate', FOUR), /^not-tried$/],
  ['nothing given', withoutCoa(inputOf('fortigate', NOTHING)), /^not-tried$/],
  ['nothing given', inputOf('cisco-asa', NOTHING), /^not-tried$/],
  ['no port', inputOf('cisco-ios', NOTHING), /^not-tried$/],
  ['no port', inputOf('aruba', NOTHING), /^not-tried$/],
]

describe('findings of gateways', () => {
  it('ok/sentences', () => {
    const rows = CASES.flatMap(([name, input, leftOut]) =>
      found(input)
        .filter(({ code }) => leftOut?.test(code) !== true)
        .map(
          ({ severity, code, setting, message }): Field => [
            `${input.gateway.kind} / ${name}: ${severity} ${code}${setting === undefined ? '' : ` ${setting}`}`,
            message,
          ],
        ),
    )
    assertGolden(rows, new URL('./test/findings.golden', import.meta.url))
  })

  it('ok/nothing-is-said-where-nothing-is-wrong', () => {
    const said = (kind: GatewayKind, written: object = {}, others: Partial<GatewayInput> = {}) =>
      codesOf(withoutCoa(inputOf(kind, { ...written }, others)))
    assert.deepEqual(Object.fromEntries(ALL_KINDS.map((kind) => [kind, said(kind)])), {
      ...{ strongswan: [], hostapd: [] },
      ...Object.fromEntries(
        ALL_KINDS.filter((kind) => kind !== 'strongswan' && kind !== 'hostapd').map((kind) => [
          kind,
          ['not-tried'],
        ]),
      ),
    })
    const everyTunnel = vpn({ tunnelTypes: ['ikev2', 'sstp', 'l2tp', 'pptp'], authentication: 'mschapv2' })
    for (const kind of ['rras', 'mikrotik', 'draytek'] as const)
      assert.deepEqual(said(kind, {}, everyTunnel), ['not-tried'])
    for (const kind of ['opnsense', 'pfsense', 'fortigate', 'cisco-asa', 'cisco-ios'] as const)
      assert.deepEqual(said(kind, {}, everyTunnel), ['tunnel-type-not-served', 'not-tried'])
    for (const type of ['l2tp', 'pptp'])
      assert.ok(said('mikrotik', {}, vpn({ tunnelTypes: ['ikev2', type] })).includes('ppp-without-eap'))
    // One secret for both is what an ASA and a FortiGate want; three servers are what FortiOS knows.
    for (const kind of ['cisco-asa', 'fortigate'] as const) {
      const input = inputOf(kind, { radiusServers: FOUR.radiusServers.slice(0, 3) })
      const dynamicAuthorization = { port: 3799, secret: input.secret, messageAuthenticator: true }
      assert.deepEqual(codesOf({ ...input, dynamicAuthorization }), ['not-tried'])
    }
    // Ports need no addresses; nor does IPv4 matter where no VPN is written.
    const ports = { addressPool: '2001:db8::/64' }
    for (const kind of ['fortigate', 'cisco-ios', 'mikrotik'] as const)
      assert.deepEqual(said(kind, ports, withWired()), ['not-tried'])
    assert.deepEqual(said('fortigate', NOTHING, withWired()), ['not-tried'])
    for (const kind of ['fortigate', 'cisco-ios', 'cisco-asa', 'mikrotik'] as const)
      assert.ok(said(kind, ports).includes('ipv4-alone'), kind)
    // A role that is not let in elsewhere has its own pool: nothing comes from the policy.
    const roles = [{ name: 'staff', addressPool: '10.31.0.0/16' }]
    assert.deepEqual(said('strongswan', { roles, addressPool: undefined }), [])
    const noDns = said('strongswan', { addressPool: undefined, dns: [] })
    assert.deepEqual(noDns, ['addresses-from-policy'])
    assert.deepEqual(said('hostapd', { outside: { interface: 'fifteen-letters' } }), [])
    assert.deepEqual(said('hostapd', { vlans: [42] }), [])
    assert.deepEqual(said('hostapd', {}, withWired()), [])
    assert.deepEqual(codesOf(inputOf('hostapd', { radiusServers: ['10.20.0.5'] })), [])
  })

  it('ok/coa-that-is-not-taken, and-that-is', () => {
    const silent = ALL_KINDS.filter((kind) => codesOf(inputOf(kind)).includes('no-coa'))
    assert.deepEqual(silent, ['rras', 'nps-proxy', 'draytek', 'opnsense', 'pfsense'])
  })

  it('ok/sentences-about-secrets', () => {
    const said = (secret: string, coa = secret) =>
      secretFindings(
        inputOf(
          'rras',
          {},
          { secret, dynamicAuthorization: { port: 3799, secret: coa, messageAuthenticator: true } },
        ),
        { where: 'it', refused: /[?]/, beyondAscii: false, mostOctets: 20 },
      ).map(({ severity, code, setting, message }) => `${severity} ${code} ${String(setting)}: ${message}`)
    const again = 'Make a new one: {generate: true}.'
    const own = 'clients/vpn-1/secret: The shared secret'
    assert.deepEqual(said('a\nb'), [
      `obstacle secret-not-printable ${own} holds U+000A, which is not printable: no device can be given it. ${again}`,
    ])
    assert.deepEqual(said('a?b'), [
      `obstacle secret-character ${own} holds U+003F, which it cannot take. ${again}`,
    ])
    assert.deepEqual(said('a€b'), [
      `obstacle secret-beyond-ascii ${own} holds U+20AC: how it encodes characters beyond ASCII is not known. ${again}`,
    ])
    assert.deepEqual(said('x'.repeat(21)), [
      `obstacle secret-too-long ${own} has 21 octets; it takes 20. ${again}`,
    ])
    assert.deepEqual(said('x'.repeat(20)), [])
    assert.deepEqual(said('fine', 'a?b'), [
      `obstacle secret-character clients/vpn-1/dynamicAuthorizationSecret: The shared secret of CoA holds U+003F, which it cannot take. ${again}`,
    ])
  })
})
