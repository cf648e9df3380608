import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { GatewayKind } from '../../config/schema.ts'
import { gatewaySchema } from '../../config/sections/gateways.ts'
import type { GatewayInput } from '../gateway-input.ts'
import { GATEWAY_OUTPUTS } from '../gateway-outputs.ts'
import { isObstacle, type ProfileFile } from '../profile-output.ts'
import { exampleVpn, exampleWifi } from '../testing/example-input.ts'
import { hostileName, hostileText } from '../testing/hostile-text.ts'
import { SECRET_READERS, secretLines } from './test/device-readers.ts'
import { ALL_KINDS, inputOf, withWired } from './test/kind-inputs.ts'

const RUNS = { numRuns: 300 }
const codes = (input: GatewayInput) =>
  GATEWAY_OUTPUTS[input.gateway.kind].findings(input).map(({ code }) => code)
const obstacles = (input: GatewayInput) =>
  GATEWAY_OUTPUTS[input.gateway.kind]
    .findings(input)
    .filter(isObstacle)
    .map(({ code }) => code)
const make = (input: GatewayInput): readonly ProfileFile[] => GATEWAY_OUTPUTS[input.gateway.kind].make(input)
const withSecret = (secret: string): Partial<GatewayInput> => ({
  secret,
  dynamicAuthorization: { port: 3799, secret, messageAuthenticator: true },
})

describe('gateways', () => {
  for (const kind of ALL_KINDS) {
    it(`ok/${kind}/has-files`, () => {
      const input = inputOf(kind)
      assert.equal(GATEWAY_OUTPUTS[kind].kind, kind)
      assert.deepEqual(obstacles(input), [])
      const files = make(input)
      assert.equal(new Set(files.map(({ name }) => name)).size, files.length)
      for (const { name } of files) assert.match(name, /^[A-Za-z0-9_-]+\.[a-z0-9]+$/)
      const [readMe] = files.filter(({ name }) => name === 'READ-ME.md')
      for (const part of [
        '## How sure',
        '## Steps',
        '## RADIUS',
        '## Packet filter',
        '## Checks',
        'gateways check vpn-1',
      ]) {
        assert.ok(String(readMe?.content).includes(part), part)
      }
    })

    it(`ok/${kind}/a-secret-stands-only-in-files-that-say-so`, () => {
      const input = inputOf(kind, {}, withSecret('Secret-that-is-nowhere-else'))
      const files = make(input)
      for (const { name, content, holdsSecret } of files) {
        assert.equal(String(content).includes('Secret-that-is-nowhere-else'), holdsSecret, name)
      }
    })

    it(`ok/${kind}/a-secret-arrives-unchanged-or-is-refused`, () => {
      let carried = 0
      const anySecret = fc.oneof(hostileText(), fc.string({ minLength: 8, maxLength: 40 }))
      fc.assert(
        fc.property(anySecret, (secret) => {
          const input = inputOf(kind, {}, withSecret(secret))
          if (secret === '' || obstacles(input).length > 0) return
          carried++
          const plain = inputOf(kind, {}, withSecret('plain-secret'))
          const [lines, others] = [secretLines(make(input)), secretLines(make(plain))]
          assert.equal(lines.length, others.length, 'another structure')
          const [read, wanted] = [SECRET_READERS[kind](lines), SECRET_READERS[kind](others)]
          assert.ok(wanted.length > 0)
          assert.deepEqual(
            read,
            wanted.map(() => secret),
          )
        }),
        RUNS,
      )
      assert.ok(carried > 20, `${String(carried)} were carried`)
    })

    it(`ok/${kind}/names-break-nothing`, () => {
      fc.assert(
        fc.property(hostileName(), (name) => {
          const parsed = gatewaySchema.safeParse({ ...inputOf(kind).gateway, name })
          if (!parsed.success) return
          const input = inputOf(kind, { name })
          const [files, others] = [make(input), make(inputOf(kind, { name: 'plain' }))]
          for (const [index, { content, name: file }] of files.entries()) {
            const lines = String(content).split('\n').length
            assert.equal(lines, String(others[index]?.content).split('\n').length, file)
            assert.doesNotMatch(String(content), /[\u2028\u2029\u202a-\u202e\u2066-\u2069]/u)
          }
        }),
        RUNS,
      )
    })

    it(`ok/${kind}/old-ports`, () => {
      const input = inputOf(kind, { authenticationPort: 1645, accountingPort: 1646 })
      const text = make(input)
        .map(({ content }) => String(content))
        .join('\n')
      assert.match(text, /1645/)
      assert.match(text, /1646/)
    })
  }

  const refused: readonly (readonly [
    GatewayKind,
    string,
    Partial<GatewayInput>,
    Record<string, unknown>?,
  ])[] = [
    ['strongswan', 'tunnel-type-not-served', { connections: [exampleVpn({ tunnelTypes: ['sstp'] })] }],
    ['strongswan', 'no-networks', { connections: [exampleVpn({ routing: 'split' })] }],
    ['hostapd', 'interface-missing', {}, { outside: {} }],
    ['hostapd', 'interface-name', {}, { outside: { interface: 'Ethernet 2' } }],
    ['hostapd', 'interface-name', {}, { outside: { interface: 'a-very-long-interface' } }],
    ['hostapd', 'one-connection', {}, { connections: ['a', 'b'] }],
    ['rras', 'setting-missing', {}, { addressPool: undefined }],
    ['rras', 'ipv4-alone', {}, { addressPool: '2001:db8::/64' }],
    ['cisco-asa', 'setting-missing', {}, { inside: {} }],
    ['cisco-ios', 'secret-character', { secret: 'what is this' }],
    ['cisco-ios', 'secret-character', { secret: 'what?is?this' }],
    ['fortigate', 'secret-character', { secret: 'what?is?this' }],
    ['nps-proxy', 'secret-character', { secret: 'what"is"this' }],
    ['mikrotik', 'secret-beyond-ascii', { secret: 'schlüssel' }],
  ]
  for (const [kind, code, others, written = {}] of refused) {
    it(`fail/${kind}/${code}`, () => assert.ok(obstacles(inputOf(kind, written, others)).includes(code)))
  }

  const warned: readonly (readonly [GatewayKind, string, Partial<GatewayInput>, Record<string, unknown>?])[] =
    [
      ['strongswan', 'addresses-from-policy', {}, { addressPool: undefined }],
      ['strongswan', 'dns-from-policy', {}, { addressPool: undefined }],
      [
        'strongswan',
        'device-tunnel-not-served',
        { connections: [exampleVpn({ deviceTunnel: { routes: ['10.0.0.0/8'] } })] },
      ],
      ['hostapd', 'vlan-not-enforced', withWired(), { vlans: [42] }],
      ['hostapd', 'one-coa-sender', {}],
      ['rras', 'no-coa', {}],
      ['mikrotik', 'ppp-without-eap', { connections: [exampleVpn({ tunnelTypes: ['ikev2', 'sstp'] })] }],
      ['fortigate', 'one-secret', {}],
      ['fortigate', 'not-tried', {}],
    ]
  for (const [kind, code, others, written = {}] of warned) {
    it(`ok/${kind}/warning/${code}`, () => {
      const input = inputOf(kind, written, others)
      assert.ok(codes(input).includes(code), codes(input).join(', '))
      assert.deepEqual(obstacles(input), [])
    })
  }

  it('ok/hostapd/any-ssid-arrives', () => {
    fc.assert(
      fc.property(hostileName(), (ssid) => {
        const cut = Array.from(ssid).slice(0, 8).join('').trim()
        if (cut === '') return
        const [file] = make(inputOf('hostapd', {}, { connections: [exampleWifi({ ssid: cut })] }))
        const hex = /^ssid2=([0-9a-f]+)$/m.exec(String(file?.content))?.[1] ?? ''
        assert.equal(Buffer.from(hex, 'hex').toString(), cut)
      }),
      RUNS,
    )
  })

  it('ok/no-coa/nothing-listens', () => {
    const { dynamicAuthorization: _off, ...without } = inputOf('strongswan')
    const text = make(without)
      .map(({ content }) => String(content))
      .join('\n')
    assert.match(text, /dae \{\n\s+enable = no\n/)
    assert.doesNotMatch(text, /3799/)
  })
})
