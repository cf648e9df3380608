import { describe, it } from 'node:test'
import type { GatewayInput } from '../gateway-input.ts'
import { GATEWAY_OUTPUTS } from '../gateway-outputs.ts'
import { readSettings } from '../linux/test/settings-reader.ts'
import { exampleWifi } from '../testing/example-input.ts'
import { assertGolden, type Field } from '../testing/golden.ts'
import { inputOf, withWired } from './test/kind-inputs.ts'

const textOf = (input: GatewayInput, name: string): string =>
  String(GATEWAY_OUTPUTS[input.gateway.kind].make(input).find((file) => file.name === name)?.content)
const linesOf = (input: GatewayInput, name: string): readonly string[] =>
  textOf(input, name).trimEnd().split(/\r?\n/)
const asLines = (lines: readonly string[]): Field[] => lines.map((line) => ['', line])
/** `key=value`, as hostapd reads it; `#` is a comment. */
const asKeys = (lines: readonly string[]): Field[] =>
  lines
    .filter((line) => !line.startsWith('#'))
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)])
/** `page > field = value`: the value is what is typed. */
const asTyped = (lines: readonly string[]): Field[] =>
  lines.map((line) => [line.slice(0, line.indexOf(' = ')), line.slice(line.indexOf(' = ') + 3)])
const golden = (name: string): URL => new URL(`./test/${name}.golden`, import.meta.url)

const ONE_SERVER = { radiusServers: ['10.20.0.5'] }

describe('goldens of gateways', () => {
  const strongswan = inputOf('strongswan', {
    roles: [{ name: 'staff', routes: ['10.20.9.0/24'] }],
    withoutRole: 'connection',
  })
  it('ok/strongswan/swanctl.conf', () =>
    assertGolden(readSettings(textOf(strongswan, 'swanctl.conf')), golden('swanctl')))
  it('ok/strongswan/eap-radius.conf', () =>
    assertGolden(readSettings(textOf(strongswan, 'eap-radius.conf')), golden('eap-radius')))

  it('ok/hostapd/wired', () =>
    assertGolden(
      asKeys(linesOf(inputOf('hostapd', {}, withWired()), 'hostapd.conf')),
      golden('hostapd-wired'),
    ))
  it('ok/hostapd/wifi', () => {
    const connections = [exampleWifi({ security: 'wpa3-192' })]
    const input = inputOf('hostapd', { vlans: [42] }, { connections })
    assertGolden(asKeys(linesOf(input, 'hostapd.conf')), golden('hostapd-wifi'))
  })

  const devices: readonly (readonly [GatewayInput, string, string])[] = [
    [inputOf('cisco-ios', { ...ONE_SERVER, vlans: [42] }, withWired()), 'ios.txt', 'cisco-ios'],
    [inputOf('cisco-asa', ONE_SERVER), 'asa.txt', 'cisco-asa'],
    [inputOf('fortigate', ONE_SERVER, withWired()), 'fortios.txt', 'fortigate'],
    [inputOf('aruba', ONE_SERVER, withWired()), 'aos-cx.txt', 'aruba'],
    [inputOf('mikrotik', ONE_SERVER), 'sallyport.rsc', 'mikrotik'],
    [inputOf('rras', ONE_SERVER), 'rras.ps1', 'rras'],
    [inputOf('nps-proxy'), 'nps-proxy.ps1', 'nps-proxy'],
  ]
  for (const [input, file, name] of devices) {
    it(`ok/${name}`, () => assertGolden(asLines(linesOf(input, file)), golden(name)))
  }

  it('ok/cisco-ios/flexvpn', () => {
    const lines = linesOf(inputOf('cisco-ios', ONE_SERVER), 'ios.txt')
    const start = lines.indexOf('aaa authentication login SALLYPORT group SALLYPORT')
    assertGolden(asLines(lines.slice(start)), golden('flexvpn'))
  })

  const pages: readonly GatewayInput[] = [
    inputOf('draytek'),
    inputOf('pfsense', ONE_SERVER),
    inputOf('opnsense', ONE_SERVER),
    inputOf('unifi', { ...ONE_SERVER, vlans: [42] }),
  ]
  for (const input of pages) {
    const { kind } = input.gateway
    it(`ok/${kind}`, () => assertGolden(asTyped(linesOf(input, 'fields.txt')), golden(kind)))
  }
})
